/** Bounds on what one OTLP request may make of memory. What is beyond a bound is counted and shown, see each field. */
export interface DecodeLimits {
  /** Spans, log records or metric points of one request; the rest is rejected with a reason. */
  maxItems: number;
  /** Attributes of one span, event, link, log, resource or scope; the rest is counted in `telltale.dropped_attributes`. */
  maxAttributes: number;
  /** Counted in `telltale.dropped_events`. */
  maxEvents: number;
  /** Counted in `telltale.dropped_links`. */
  maxLinks: number;
  /** Lists and maps inside one attribute value; what lies deeper is replaced by `tooDeepMarker` and counted as dropped. */
  maxDepth: number;
  /** Values inside the lists and maps of one span; the rest is counted in `telltale.dropped_values`. */
  maxValues: number;
  /** An attribute with a longer key (UTF-8 bytes) is dropped and counted: keys are index terms, not content. */
  maxKeyBytes: number;
  /** A longer span name (UTF-16 units) is cut; the whole name is kept in the attribute `telltale.span_name`. */
  maxNameLength: number;
  /** The clock, milliseconds: times more than a day ahead of it are refused. */
  nowMs: number;
}

const defaults: Omit<DecodeLimits, "nowMs"> = {
  maxItems: 200_000,
  maxAttributes: 1_024,
  maxEvents: 2_048,
  maxLinks: 2_048,
  maxDepth: 32,
  maxValues: 1_000_000, // some hundred embedding vectors of 1,536 numbers
  maxKeyBytes: 1_024,
  maxNameLength: 1_024,
};

/** Stands where an attribute value was nested deeper than `maxDepth`. */
export const tooDeepMarker = "telltale: nested too deeply, cut";

export function decodeLimits(given: Partial<DecodeLimits> = {}): DecodeLimits {
  return { ...defaults, nowMs: Date.now(), ...given };
}

import type { Attributes, RawSpan } from "@telltale/model";
import type { DecodeLimits } from "./decode-limits.ts";

const zeroTraceId = "0".repeat(32);
const zeroSpanId = "0".repeat(16);
const year2000Ns = 946_684_800_000_000_000n;
const ABSURD_END = "telltale.end_time_unix_nano";
const dayNs = 86_400_000_000_000n;

/** What a span lost while it was read; each becomes an attribute, so that nothing goes missing silently. */
export interface SpanLosses {
  attributes: number;
  values: number;
  events: number;
  links: number;
}

/**
 * Checks a decoded span and makes it fit; returns why it cannot be taken, or `undefined` when it can.
 *
 * Refused: ids that are empty, of the wrong length or all zero (OTLP: invalid), and start times before the year 2000 or
 * more than a day ahead: time is the key of the store, and a span in 1970 or 2200 could be neither found nor expired.
 * Mended, with the original kept in an attribute: an end more than a day ahead (becomes the start), an overlong name.
 * Left alone: an end before the start, and no end (0): normalisation knows what to make of clock skew.
 */
export function acceptSpan(span: RawSpan, losses: SpanLosses, limits: DecodeLimits): string | undefined {
  const reason = idProblem("trace id", span.traceId, zeroTraceId) ?? idProblem("span id", span.spanId, zeroSpanId);
  if (reason !== undefined) return reason;
  if (span.parentSpanId === zeroSpanId) span.parentSpanId = "";
  if (span.parentSpanId !== "" && span.parentSpanId.length !== 16) return "the parent span id is not 8 bytes";
  const timeReason = timeProblem("start time", span.startNs, limits);
  if (timeReason !== undefined) return timeReason;
  if (span.endNs > latestNs(limits)) {
    span.attributes.set(ABSURD_END, String(span.endNs));
    span.endNs = span.startNs;
  }
  if (span.name.length > limits.maxNameLength) {
    span.attributes.set("telltale.span_name", span.name);
    span.name = cutText(span.name, limits.maxNameLength);
  }
  if (losses.attributes + losses.values + losses.events + losses.links > 0) recordLosses(span.attributes, losses);
  return undefined;
}

/** Whether the span said that it ended more than a day after it was read; `acceptSpan` has put the start in that place. */
export function hadAbsurdEnd(attributes: Attributes): boolean {
  return attributes.has(ABSURD_END);
}

/** Why `ns` cannot be a time of arrival, or `undefined`. */
export function timeProblem(what: string, ns: bigint, limits: DecodeLimits): string | undefined {
  if (ns === 0n) return `the ${what} is missing`;
  if (ns < year2000Ns) return `the ${what} is before the year 2000`;
  if (ns > latestNs(limits)) return `the ${what} is more than a day in the future`;
  return undefined;
}

/** Why `hex` is not an id of the length of `zero`, or `undefined`. */
export function idProblem(what: string, hex: string, zero: string): string | undefined {
  if (hex === "") return `the ${what} is empty`;
  if (hex.length !== zero.length) return `the ${what} is not ${zero.length / 2} bytes`;
  if (hex === zero) return `the ${what} is all zeros`;
  return undefined;
}

export function isTraceId(hex: string): boolean {
  return hex.length === 32 && hex !== zeroTraceId;
}

export function isSpanId(hex: string): boolean {
  return hex.length === 16 && hex !== zeroSpanId;
}

export function recordLosses(attributes: Attributes, losses: SpanLosses): void {
  if (losses.attributes > 0) attributes.set("telltale.dropped_attributes", losses.attributes);
  if (losses.values > 0) attributes.set("telltale.dropped_values", losses.values);
  if (losses.events > 0) attributes.set("telltale.dropped_events", losses.events);
  if (losses.links > 0) attributes.set("telltale.dropped_links", losses.links);
}

/** Whether a span says that something of it is missing, whoever dropped it: the sender or we. */
export function hasLosses(attributes: Attributes): boolean {
  return lossKeys.some((key) => attributes.has(key));
}

const lossKeys = ["telltale.dropped_attributes", "telltale.dropped_values", "telltale.dropped_events", "telltale.dropped_links"];

/** At most `length` UTF-16 units with `…` at the end, never half a surrogate pair. */
export function cutText(text: string, length: number): string {
  const last = text.charCodeAt(length - 2);
  return `${text.slice(0, last >= 0xd800 && last < 0xdc00 ? length - 2 : length - 1)}…`;
}

let latestFor = Number.NaN;
let latest = 0n;

/** One day after the clock; the last answer is kept because the clock is the same for all spans of a request. */
function latestNs(limits: DecodeLimits): bigint {
  if (latestFor !== limits.nowMs) {
    latestFor = limits.nowMs;
    latest = BigInt(Math.trunc(limits.nowMs)) * 1_000_000n + dayNs;
  }
  return latest;
}

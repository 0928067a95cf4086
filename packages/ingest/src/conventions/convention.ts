import type { RawLog, RawSpan, Span, SpanContent, SpanKind } from "@telltale/model";

/**
 * How one framework writes about model calls. The first convention of the registry that recognises a span decides its
 * kind; then it, and after it every other one whose keys are present, fills the fields that are still empty. So a
 * field has one source, and counts of two conventions are never added.
 */
export interface Convention {
  /** Stored as the span's `dialect`. */
  readonly name: string;
  readonly summary: string;
  /** Bits of `family`: `read` finds nothing when none of them is on the span. */
  readonly families: number;
  /** Cheap and strict: one or two keys, or the instrumentation scope. */
  recognises(raw: RawSpan, families: number): boolean;
  kind(raw: RawSpan): SpanKind;
  /** Fills empty fields of `span` from this convention's own keys; never overwrites. `span.kind` is already decided. */
  read(raw: RawSpan, span: Span): void;
  /** The same for content, on demand when a span is opened. */
  content?(raw: RawSpan, content: SpanContent, logs: readonly RawLog[]): void;
}

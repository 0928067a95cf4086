import type { SpanKind } from "@telltale/model";

/**
 * The part of a span that de-duplication looks at. The server keeps one per span of every live trace in memory:
 * strings are shared with the row that was stored, and nothing here holds content.
 */
export interface SettleSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly kind: SpanKind;
  readonly scopeName: string;
  readonly startNs: bigint;
  readonly endNs: bigint;
  /** Response model, else request model. */
  readonly model: string;
  readonly responseId: string;
  readonly inputTokens: number | undefined;
  readonly outputTokens: number | undefined;
  readonly usageIsAggregate: boolean;
  /** Holds input or output: spans that a provider's SDK writes itself hold none. */
  readonly hasMessages: boolean;
  readonly attributeCount: number;
  /** Tells processes apart for the containment rule. */
  readonly serviceInstance: string;
}

/** Whether a call counts, and which span (`traceId:spanId`) counts instead when it does not. */
export interface Settlement {
  counted: boolean;
  duplicateOf: string;
}

/** A model call: the only kinds whose tokens and money are summed. */
export function isBillable(span: Pick<SettleSpan, "kind" | "usageIsAggregate">): boolean {
  return (span.kind === "LLM" || span.kind === "EMBEDDING") && !span.usageIsAggregate;
}

/** Any tokens reported. */
export function hasTokens(span: Pick<SettleSpan, "inputTokens" | "outputTokens">): boolean {
  return span.inputTokens !== undefined || span.outputTokens !== undefined;
}

/** Both report the same tokens. */
export function sameTokens(a: Pick<SettleSpan, "inputTokens" | "outputTokens">, b: Pick<SettleSpan, "inputTokens" | "outputTokens">): boolean {
  return a.inputTokens === b.inputTokens && a.outputTokens === b.outputTokens;
}

/** Spans of Anthropic's own SDKs, which appear beside those of any instrumentation (protocol notes §0, rule 4). */
export function isSdkNative(scopeName: string): boolean {
  return scopeName.startsWith("com.anthropic.sdk.");
}

/**
 * Of two reports of one call, the one to count: with tokens before without, an instrumentation's before the SDK's own,
 * the richer one, the earlier one. Total and independent of the order of arguments.
 */
export function preferred(a: SettleSpan, b: SettleSpan): SettleSpan {
  if (hasTokens(a) !== hasTokens(b)) return hasTokens(a) ? a : b;
  if (isSdkNative(a.scopeName) !== isSdkNative(b.scopeName)) return isSdkNative(a.scopeName) ? b : a;
  if (a.attributeCount !== b.attributeCount) return a.attributeCount > b.attributeCount ? a : b;
  if (a.startNs !== b.startNs) return a.startNs < b.startNs ? a : b;
  return reference(a) <= reference(b) ? a : b;
}

/** How a duplicate names the span that counts. */
export function reference(span: Pick<SettleSpan, "traceId" | "spanId">): string {
  return `${span.traceId}:${span.spanId}`;
}

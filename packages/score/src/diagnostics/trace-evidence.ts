import type { Span, SpanContent } from "@telltale/model";

/** What diagnostics read of a span; a stored span is one. */
export type DiagnosedSpan = Pick<
  Span,
  | "spanId"
  | "parentSpanId"
  | "name"
  | "kind"
  | "startNs"
  | "endNs"
  | "status"
  | "statusMessage"
  | "errorType"
  | "finishReasons"
  | "cost"
  | "duplicateOf"
  | "agentName"
  | "toolName"
  | "toolCallId"
  | "truncated"
>;

/** What a span says. `content` is missing when only the texts are at hand. */
export interface SpanText {
  inputs: string;
  outputs: string;
  content?: Pick<SpanContent, "inputMessages" | "outputMessages" | "toolDefinitions" | "toolArguments" | "toolResult"> | undefined;
}

/** One settled trace. */
export interface TraceEvidence {
  /** In start order. */
  spans: readonly DiagnosedSpan[];
  /** Asked once for each tool and model span; undefined when its content was not captured. */
  textOf(spanId: string): SpanText | undefined;
  /** The most steps that are usual for an agent, by its name: the 99th percentile of its runs. Agents without one are not judged. */
  stepLimits?: ReadonlyMap<string, number>;
}

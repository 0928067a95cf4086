import { argumentsKey, parsedJson, resultKey } from "./canonical.ts";
import { errorIn, isTransient } from "./tool-error.ts";
import type { DiagnosedSpan, SpanText } from "./trace-evidence.ts";

/** One call of a tool by an agent. */
export interface ToolCall {
  spanId: string;
  tool: string;
  arguments: unknown;
  result: unknown;
  /** Tool and canonical arguments; `""` when the arguments were not captured. */
  callKey: string;
  /** The call with its result: equal for two calls that did the same and got the same. `""` when either is unknown. */
  outcomeKey: string;
  /** `""` when it went well. */
  error: string;
  isTransient: boolean;
  startNs: bigint;
  endNs: bigint;
}

/** A call as its own span tells it. */
export function spanCall(span: DiagnosedSpan, text: SpanText | undefined): ToolCall {
  const result = known(text?.content?.toolResult) ?? known(text?.outputs);
  const failed = span.status === "error" ? span.statusMessage || span.errorType || errorIn(result) || "error" : errorIn(result);
  return toolCall({
    spanId: span.spanId,
    tool: span.toolName || span.name,
    arguments: parsedJson(known(text?.content?.toolArguments) ?? known(text?.inputs)),
    result,
    error: failed,
    startNs: span.startNs,
    endNs: span.endNs,
  });
}

/** A call as parts of it are known, with its keys. */
export function toolCall(known: Omit<ToolCall, "callKey" | "outcomeKey" | "isTransient">): ToolCall {
  const callKey = known.arguments === undefined ? "" : `${known.tool}\n${argumentsKey(known.arguments)}`;
  const outcome = known.result ?? (known.error === "" ? undefined : known.error);
  return {
    ...known,
    callKey,
    outcomeKey: callKey === "" || outcome === undefined ? "" : `${callKey}\n${resultKey(outcome)}`,
    isTransient: known.error !== "" && isTransient(known.error),
  };
}

/**
 * An answer of nothing looks like one that was not captured. Where other calls of the trace have answers, answers are captured,
 * and nothing means nothing.
 */
export function withEmptyResults(calls: readonly ToolCall[]): ToolCall[] {
  return calls.map((call) =>
    call.callKey === "" || call.result !== undefined || call.error !== "" ? call : { ...call, result: "", outcomeKey: `${call.callKey}\n` },
  );
}

/** Not captured is undefined; conventions write it as null or "". */
function known(value: unknown): unknown {
  return value === null || value === "" ? undefined : value;
}

import type { AgentRun } from "./agent-run.ts";
import type { ModelCall } from "./conversation.ts";

/** How a run came to its end, by its last model call. */
export type Ending =
  | { kind: "answered"; last: ModelCall; text: string }
  /** The model ended the run by calling a tool made for that. */
  | { kind: "finished"; last: ModelCall; tool: string; arguments: unknown }
  | { kind: "pending_call"; last: ModelCall; tool: string }
  | { kind: "cut"; last: ModelCall }
  | { kind: "empty"; last: ModelCall }
  | { kind: "unknown" };

const isCut = /^(?:length|max_tokens|max_output_tokens|model_length|token_limit|max_tokens_reached)$/i;
const endsRuns =
  /(?:^|[^a-z])(?:final|finish\w*|finali[sz]e|submit|answer|respond|response|reply|done|complete|exit|terminate|end|stop|give[_ ]?up|hand[_ ]?off|transfer|escalate|human|output|result|return|ask)(?:[^a-z]|$)/i;

/** Looks at the model call that ended last. Content that was not captured is unknown, never empty. */
export function endingOf(run: AgentRun): Ending {
  const last = latest(run.modelCalls);
  if (last === undefined) return { kind: "unknown" };
  if (last.span.finishReasons.some((reason) => isCut.test(reason))) return { kind: "cut", last };
  const asked = last.requested.at(-1);
  if (asked !== undefined) {
    if (endsRuns.test(asked.tool.replaceAll(/([a-z])([A-Z])/g, "$1_$2"))) return { kind: "finished", last, tool: asked.tool, arguments: asked.arguments };
    const isAnswered = run.agents.some(({ calls }) => calls.some((call) => call.spanId !== last.span.spanId && call.startNs >= last.span.startNs));
    return isAnswered || !run.isAgentic ? { kind: "unknown" } : { kind: "pending_call", last, tool: asked.tool };
  }
  if (last.answer === undefined || last.span.status === "error") return { kind: "unknown" };
  return last.answer === "" ? { kind: "empty", last } : { kind: "answered", last, text: last.answer };
}

function latest(modelCalls: readonly ModelCall[]): ModelCall | undefined {
  let last: ModelCall | undefined;
  for (const call of modelCalls) if (last === undefined || call.span.endNs >= last.span.endNs) last = call;
  return last;
}

import { conversationText } from "../judges/instructions-judge.ts";
import type { Exhibit } from "../judges/judge.ts";
import type { SkipReason } from "../outcome.ts";
import type { Need } from "../scorer.ts";
import type { ScoredSession, ScoredTrace } from "../subject.ts";
import { answerOf, requestOf, textOf } from "../text.ts";

/** What a judge is shown of a subject; a subject without one of the pieces that a scorer needs is not judged. */
export interface Showing<Target> {
  exhibits: (target: Target) => readonly Exhibit[];
  /** `undefined` = everything is there. */
  missing: (target: Target) => SkipReason | undefined;
}

export const reasonOfNeed: Readonly<Record<Need, SkipReason>> = {
  inputs: "nothing_to_judge",
  outputs: "nothing_to_judge",
  spans: "nothing_to_judge",
  expectations: "needs_expectations",
  context: "needs_context",
  tools: "needs_tools",
};

export function hasNeed(trace: ScoredTrace, need: Need): boolean {
  switch (need) {
    case "inputs":
      return requestOf(trace) !== "";
    case "outputs":
      return answerOf(trace) !== "";
    case "expectations":
      return trace.expectations.size > 0;
    case "context":
      return trace.retrievals.some((retrieval) => retrieval.documents.length > 0);
    case "tools":
      return trace.toolCalls.length > 0;
    case "spans":
      return trace.spans.length > 0;
  }
}

export const question = (trace: ScoredTrace): Exhibit => ({ name: "question", text: requestOf(trace) });
export const answer = (trace: ScoredTrace): Exhibit => ({ name: "answer", text: answerOf(trace) });

/** All documents of all retrievals, numbered. */
export function context(trace: ScoredTrace): Exhibit {
  const documents = trace.retrievals.flatMap((retrieval) => retrieval.documents);
  return { name: "context", text: documents.map(({ content }, index) => `[document ${index + 1}]\n${content}`).join("\n\n") };
}

/** What was stated as right: a response, facts, or whatever else was logged as expectation. */
export function expected(trace: ScoredTrace): Exhibit {
  const { expectations } = trace;
  const one = expectations.get("expected_response") ?? expectations.get("expected_facts") ?? expectations.get("expected_output");
  const text = Array.isArray(one)
    ? one.map((fact) => `- ${textOf(fact)}`).join("\n")
    : one === undefined
      ? JSON.stringify(Object.fromEntries(expectations))
      : textOf(one);
  return { name: "expected", text };
}

/** The calls in their order, with arguments and how they ended. */
export function toolCalls(trace: ScoredTrace): Exhibit {
  const calls = trace.toolCalls.map(
    (call, index) => `${index + 1}. ${call.name}(${textOf(call.arguments)}) → ${call.failed ? "FAILED: " : ""}${call.result.slice(0, 1_000)}`,
  );
  return { name: "tool_calls", text: calls.length === 0 ? "none" : calls.join("\n") };
}

export function offeredTools(trace: ScoredTrace): Exhibit {
  const tools = trace.tools.map(
    ({ name, description, parameters }) => `- ${name}: ${description ?? ""} ${parameters === undefined ? "" : JSON.stringify(parameters)}`,
  );
  return { name: "available_tools", text: tools.length === 0 ? "not recorded" : tools.join("\n") };
}

export function conversation(session: ScoredSession): Exhibit {
  return { name: "conversation", text: conversationText(session.turns) ?? "" };
}

/** The conversation with the tools that were called in each turn. */
export function conversationWithTools(session: ScoredSession): Exhibit {
  const turns = session.turns.map((turn) => `user: ${requestOf(turn)}\n\ntools called:\n${toolCalls(turn).text}\n\nassistant: ${answerOf(turn)}`);
  return { name: "conversation", text: turns.join("\n\n") };
}

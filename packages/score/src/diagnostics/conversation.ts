import type { Message, MessagePart } from "@telltale/model";
import { parsedJson } from "./canonical.ts";
import { type ToolCall, toolCall } from "./tool-call.ts";
import { errorIn } from "./tool-error.ts";
import { ToolCatalog } from "./tool-catalog.ts";
import type { DiagnosedSpan, SpanText } from "./trace-evidence.ts";

/** A call that a model asked for, whether or not it was made. */
export interface RequestedCall {
  id: string;
  tool: string;
  arguments: unknown;
}

/** One call of a model, as its messages tell it. */
export interface ModelCall {
  span: DiagnosedSpan;
  agent: string;
  /** Text of its answer; undefined when content was not captured. */
  answer: string | undefined;
  requested: RequestedCall[];
  /** The tools it was offered; undefined when that was not captured or was cut. */
  offered: ToolCatalog | undefined;
}

export function modelCall(span: DiagnosedSpan, agent: string, text: SpanText | undefined): ModelCall {
  const content = text?.content;
  const parts = partsOf(content?.outputMessages ?? []);
  const definitions = span.truncated ? [] : (content?.toolDefinitions ?? []);
  const offered = definitions.length === 0 ? undefined : new ToolCatalog();
  offered?.add(definitions);
  return {
    span,
    agent,
    answer: (content?.outputMessages.length ?? 0) === 0 ? undefined : answerText(parts),
    requested: parts.flatMap((part) =>
      part.type === "tool_call" ? [{ id: part.id ?? "", tool: part.name, arguments: part.arguments === null ? undefined : parsedJson(part.arguments) }] : [],
    ),
    offered,
  };
}

/** What tools answered according to the messages that a model was sent, by call id. Returns whether there was any. */
export function collectAnswers(text: SpanText | undefined, answers: Map<string, unknown>): boolean {
  let found = false;
  for (const part of partsOf(text?.content?.inputMessages ?? [])) {
    if (part.type !== "tool_call_response") continue;
    found = true;
    if (part.id !== undefined && part.id !== "") answers.set(part.id, part.response);
  }
  return found;
}

/** Calls of an agent whose tools have no spans: what its model asked for, with the answers that came back. */
export function callsFromMessages(modelCalls: readonly ModelCall[], answers: ReadonlyMap<string, unknown>): ToolCall[] {
  return modelCalls.flatMap(({ span, requested }) =>
    requested.map(({ id, tool, arguments: args }) => {
      const result = answers.get(id) ?? undefined;
      return toolCall({ spanId: span.spanId, tool, arguments: args, result, error: errorIn(result), startNs: span.endNs, endNs: span.endNs });
    }),
  );
}

function partsOf(messages: readonly Message[]): MessagePart[] {
  return messages.flatMap((message) => message.parts);
}

function answerText(parts: readonly MessagePart[]): string {
  return parts
    .flatMap((part) => (part.type === "text" ? [part.content] : []))
    .join("\n")
    .trim();
}

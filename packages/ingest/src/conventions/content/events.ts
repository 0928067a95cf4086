import type { AttributeValue, Attributes, Message, RawLog, RawSpan, SpanContent, SpanScore } from "@telltale/model";
import { decimal, plain, record, structured, text } from "../values.ts";
import { fillInput, fillOutput, fillTools, instructionsText } from "./fill.ts";
import { messagesOf } from "./messages.ts";

/** One event, wherever it travelled: a span event has attributes only, a log record a body too. */
interface ContentEvent {
  name: string;
  body: Record<string, unknown>;
  attributes: Attributes;
}

const inputEvents = new Map([
  ["gen_ai.system.message", "system"],
  ["gen_ai.user.message", "user"],
  ["gen_ai.assistant.message", "assistant"],
  ["gen_ai.tool.message", "tool"],
]);
const DETAILS = "gen_ai.client.inference.operation.details";

/** True for the names of events that carry messages: the span's content is then not in its attributes. */
export function isContentEvent(name: string): boolean {
  return inputEvents.has(name) || name === "gen_ai.choice" || name === DETAILS || name === "gen_ai.content.prompt" || name === "gen_ai.content.completion";
}

/** Messages, tools and evaluation results in events of the span and in log records joined to it. */
export function eventContent(raw: RawSpan, logs: readonly RawLog[], content: SpanContent): void {
  const events = contentEvents(raw, logs);
  if (events.length === 0) return;
  const inputs: Message[] = [];
  const outputs: Message[] = [];
  for (const event of events) {
    const role = inputEvents.get(event.name);
    if (role !== undefined) inputs.push(...eventMessages(event, role));
    else if (event.name === "gen_ai.choice") outputs.push(...eventMessages(event, "assistant"));
    else if (event.name === "gen_ai.content.prompt") inputs.push(...messagesOf(structured(event.attributes.get("gen_ai.prompt")), "user"));
    else if (event.name === "gen_ai.content.completion") outputs.push(...messagesOf(structured(event.attributes.get("gen_ai.completion")), "assistant"));
    else if (event.name === "gen_ai.evaluation.result") content.scores.push(score(event.attributes));
    else if (event.name === DETAILS) readDetails(event.attributes, inputs, outputs, content);
  }
  fillInput(content, inputs);
  fillOutput(content, outputs);
}

function contentEvents(raw: RawSpan, logs: readonly RawLog[]): ContentEvent[] {
  const events: ContentEvent[] = [];
  for (const event of raw.events) {
    if (event.name.startsWith("gen_ai.")) events.push({ name: event.name, body: bodyOf(event.attributes.get("body")), attributes: event.attributes });
  }
  const ordered = logs.length > 1 ? logs.toSorted((a, b) => (a.timeNs < b.timeNs ? -1 : a.timeNs > b.timeNs ? 1 : 0)) : logs;
  for (const log of ordered) {
    const name = log.eventName || text(log.attributes.get("event.name"));
    if (name.startsWith("gen_ai.")) events.push({ name, body: bodyOf(log.body), attributes: log.attributes });
  }
  return events;
}

function bodyOf(value: AttributeValue | undefined): Record<string, unknown> {
  return record(structured(value)) ?? {};
}

/** Gen 1: `{content, role, tool_calls, id}` for input, `{index, finish_reason, message}` for choices. */
function eventMessages(event: ContentEvent, role: string): Message[] {
  const body = Object.keys(event.body).length > 0 ? event.body : record(plain(event.attributes));
  if (body === undefined) return [];
  const inner = typeof body["message"] === "string" ? { content: body["message"] } : record(body["message"]);
  const message = inner === undefined ? body : { ...inner, finish_reason: body["finish_reason"] };
  const content = message["content"];
  const parsed = typeof content === "string" && /^\s*[[{]/.test(content) && role !== "tool" ? structured(content) : content;
  // Strands puts a JSON list of Bedrock blocks where others put text.
  const blocks = Array.isArray(parsed) ? parsed : content;
  return messagesOf([{ ...message, content: blocks ?? null, role: message["role"] ?? role, tool_call_id: message["tool_call_id"] ?? message["id"] }], role);
}

function readDetails(attributes: Attributes, inputs: Message[], outputs: Message[], content: SpanContent): void {
  inputs.push(...messagesOf(structured(attributes.get("gen_ai.input.messages")), "user"));
  outputs.push(...messagesOf(structured(attributes.get("gen_ai.output.messages")), "assistant"));
  content.systemInstructions ||= instructionsText(structured(attributes.get("gen_ai.system_instructions")));
  fillTools(content, structured(attributes.get("gen_ai.tool.definitions")));
}

/** Evaluation result as GenAI semconv defines it. */
function score(attributes: Attributes): SpanScore {
  const label = text(attributes.get("gen_ai.evaluation.score.label"));
  const explanation = text(attributes.get("gen_ai.evaluation.explanation"));
  return {
    name: text(attributes.get("gen_ai.evaluation.name")),
    value: decimal(attributes.get("gen_ai.evaluation.score.value")),
    ...(label === "" ? {} : { label }),
    ...(explanation === "" ? {} : { explanation }),
    source: "gen_ai.evaluation",
  };
}

import type { Message, RawSpan, Span, SpanContent, SpanKind } from "@telltale/model";
import { fillInput, fillOutput, fillTools, messagesIn } from "./content/fill.ts";
import { messagesOf } from "./content/messages.ts";
import type { Convention } from "./convention.ts";
import { kindOfOperation } from "./genai.ts";
import { family } from "./keys.ts";
import { contentText, record, structured, text } from "./values.ts";

/** pydantic-ai: semconv for calls; agent runs and tools of old versions carry no operation name. */
export const pydanticAi: Convention = {
  name: "pydantic_ai",
  summary: "pydantic-ai, all versions (agent_name, tool_arguments, events as JSON).",
  families: family.pydantic,
  recognises: (raw) =>
    raw.scope.name === "pydantic-ai" ||
    (raw.attributes.has("agent_name") && raw.attributes.has("model_name")) ||
    raw.attributes.has("tool_arguments") ||
    raw.attributes.has("all_messages_events"),
  kind: kindOf,
  read: readPydanticAi,
  content: pydanticContent,
};

/** Agent markers first: some versions write `chat` on agent runs. */
function kindOf(raw: RawSpan): SpanKind {
  const attributes = raw.attributes;
  if (attributes.has("all_messages_events") || attributes.has("pydantic_ai.all_messages") || attributes.has("agent_name")) return "AGENT";
  const operation = text(attributes.get("gen_ai.operation.name"));
  if (operation !== "") return kindOfOperation(operation);
  return attributes.has("gen_ai.tool.name") || attributes.has("tool_arguments") ? "TOOL" : "CHAIN";
}

function readPydanticAi(raw: RawSpan, span: Span): void {
  const attributes = raw.attributes;
  if (span.kind === "AGENT") {
    span.agentName ||= text(attributes.get("agent_name")) || text(attributes.get("gen_ai.agent.name"));
    span.requestModel ||= text(attributes.get("model_name"));
    span.inputs ||= contentText(attributes.get("pydantic_ai.all_messages")) || contentText(attributes.get("all_messages_events"));
    span.outputs ||= contentText(attributes.get("final_result"));
  } else if (span.kind === "TOOL") {
    span.inputs ||= contentText(attributes.get("tool_arguments"));
    span.outputs ||= contentText(attributes.get("tool_response"));
  } else if (attributes.has("events")) {
    readEvents(attributes.get("events"), span);
  }
}

/** Old versions keep request and response in one list of events; they are told apart here, once. */
function readEvents(value: ReturnType<RawSpan["attributes"]["get"]>, span: Span): void {
  const { inputs, outputs } = eventMessages(structured(value));
  if (inputs.length > 0) span.inputs ||= JSON.stringify(inputs);
  if (outputs.length > 0) span.outputs ||= JSON.stringify(outputs);
}

function eventMessages(value: unknown): { inputs: Message[]; outputs: Message[] } {
  const inputs: Message[] = [];
  const outputs: Message[] = [];
  for (const item of Array.isArray(value) ? value : []) {
    const event = record(item);
    if (event === undefined) continue;
    const name = typeof event["event.name"] === "string" ? event["event.name"] : "";
    if (name === "gen_ai.choice") outputs.push(...messagesOf({ choices: [event] }, "assistant"));
    else inputs.push(...messagesOf([{ ...event, tool_call_id: event["tool_call_id"] ?? event["id"] }], "user"));
  }
  return { inputs, outputs };
}

function pydanticContent(raw: RawSpan, content: SpanContent): void {
  const attributes = raw.attributes;
  content.toolArguments ??= structured(attributes.get("tool_arguments"));
  content.toolResult ??= structured(attributes.get("tool_response"));
  const events = eventMessages(structured(attributes.get("events") ?? attributes.get("all_messages_events")));
  fillInput(content, events.inputs);
  fillOutput(content, events.outputs);
  fillInput(content, messagesIn(raw, "pydantic_ai.all_messages", "user"));
  fillOutput(content, messagesIn(raw, "final_result", "assistant"));
  const parameters = record(structured(attributes.get("model_request_parameters")));
  const tools = parameters?.["function_tools"];
  const outputs = parameters?.["output_tools"];
  fillTools(content, structured(attributes.get("gen_ai.tool.definitions")));
  fillTools(content, [...(Array.isArray(tools) ? tools : []), ...(Array.isArray(outputs) ? outputs : [])]);
}

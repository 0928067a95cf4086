import type { RawSpan, Span, SpanContent, SpanKind } from "@telltale/model";
import { fillDocuments } from "./content/fill.ts";
import type { Convention } from "./convention.ts";
import { kindOfOperation } from "./genai.ts";
import { family } from "./keys.ts";
import { contentText, record, structured, text } from "./values.ts";

const kinds = new Map<string, SpanKind>([
  ["workflow", "WORKFLOW"],
  ["agent", "AGENT"],
  ["tool", "TOOL"],
]);

/** Traceloop's decorators and its LangChain instrumentation, old and new. Its model calls are semconv or OpenLLMetry. */
export const traceloop: Convention = {
  name: "traceloop",
  summary: "Traceloop workflow, task, agent and tool spans (traceloop.span.kind).",
  families: family.traceloop,
  recognises: (raw) => raw.attributes.has("traceloop.span.kind"),
  kind: (raw) => kinds.get(text(raw.attributes.get("traceloop.span.kind"))) ?? kindOfTask(raw),
  read: readTraceloop,
  content: traceloopContent,
};

/** A LangChain retriever is a "task" whose operation says what it does. */
function kindOfTask(raw: RawSpan): SpanKind {
  const kind = kindOfOperation(text(raw.attributes.get("gen_ai.operation.name")));
  return kind === "RETRIEVER" || kind === "RERANKER" ? kind : "CHAIN";
}

function readTraceloop(raw: RawSpan, span: Span): void {
  const attributes = raw.attributes;
  const entity = text(attributes.get("traceloop.entity.name"));
  if (span.kind === "AGENT") span.agentName ||= entity;
  if (span.kind === "TOOL") span.toolName ||= text(attributes.get("gen_ai.tool.name")) || entity;
  span.workflowName ||= text(attributes.get("traceloop.workflow.name"));
  span.promptName ||= text(attributes.get("traceloop.prompt.key"));
  span.promptVersion ||= text(attributes.get("traceloop.prompt.version"));
  if (entity.startsWith("Runnable")) span.noise = true;
  span.inputs ||= contentText(attributes.get("traceloop.entity.input"));
  span.outputs ||= contentText(attributes.get("traceloop.entity.output"));
}

function traceloopContent(raw: RawSpan, content: SpanContent): void {
  const attributes = raw.attributes;
  const kind = traceloop.recognises(raw, 0) ? traceloop.kind(raw) : "CHAIN";
  const input = structured(attributes.get("traceloop.entity.input"));
  const output = structured(attributes.get("traceloop.entity.output"));
  if (kind === "TOOL") {
    content.toolArguments = toolArguments(input) ?? content.toolArguments;
    content.toolResult = toolResult(output) ?? content.toolResult;
  } else if (kind === "RETRIEVER") {
    const query = record(input)?.["query"];
    content.retrievalQuery ||= typeof query === "string" ? query : "";
    fillDocuments(content, output);
  }
  content.promptTemplate ||= text(attributes.get("traceloop.prompt.template"));
  const prefix = "traceloop.prompt.template_variables.";
  for (const [key, value] of attributes) {
    if (key.startsWith(prefix)) content.promptVariables[key.slice(prefix.length)] ??= text(value);
  }
}

/** `{args, kwargs}` of a decorator, or `{input_str, …}` of LangChain, whose text is a Python dict. */
function toolArguments(input: unknown): unknown {
  const call = record(input);
  if (call === undefined) return input;
  if ("input_str" in call) return call["input_str"];
  const positional = Array.isArray(call["args"]) ? call["args"] : [];
  return "kwargs" in call && positional.length === 0 ? call["kwargs"] : input;
}

/** Plain, JSON inside a JSON text, or a LangChain ToolMessage. */
function toolResult(output: unknown): unknown {
  const message = record(record(output)?.["output"]);
  const content = record(message?.["kwargs"])?.["content"] ?? record(output)?.["output"] ?? output;
  return typeof content === "string" ? structured(content) : content;
}

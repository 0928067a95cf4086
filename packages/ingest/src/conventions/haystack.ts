import type { RawSpan, Span, SpanContent, SpanKind } from "@telltale/model";
import { fillDocuments, fillInput, fillOutput, messagesIn } from "./content/fill.ts";
import type { Convention } from "./convention.ts";
import { family } from "./keys.ts";
import { fillUsage, providerUsage } from "./usage.ts";
import { contentText, record, structured, text } from "./values.ts";

const suffixes: readonly (readonly [suffix: string, kind: SpanKind])[] = [
  ["Generator", "LLM"],
  ["Retriever", "RETRIEVER"],
  ["Embedder", "EMBEDDING"],
  ["Ranker", "RERANKER"],
  ["Agent", "AGENT"],
  ["ToolInvoker", "TOOL"],
];

/** Haystack's own tracer. Model and usage are only inside the output of a generator. */
export const haystack: Convention = {
  name: "haystack",
  summary: "Haystack's built-in tracing (haystack.component.*, haystack.pipeline.*).",
  families: family.haystack,
  recognises: (raw, families) =>
    (families & family.haystack) !== 0 &&
    (raw.attributes.has("haystack.component.type") || raw.attributes.has("haystack.component.name") || raw.name.startsWith("haystack.")),
  kind: kindOf,
  read: readHaystack,
  content: haystackContent,
};

function kindOf(raw: RawSpan): SpanKind {
  const type = text(raw.attributes.get("haystack.component.type"));
  if (type !== "") return suffixes.find(([suffix]) => type.endsWith(suffix))?.[1] ?? "CHAIN";
  if (raw.name === "haystack.agent.run") return "AGENT";
  return raw.name.includes("pipeline.run") ? "WORKFLOW" : "CHAIN";
}

function readHaystack(raw: RawSpan, span: Span): void {
  const attributes = raw.attributes;
  const component = text(attributes.get("haystack.component.name"));
  if (span.kind === "AGENT") span.agentName ||= component;
  if (span.kind === "TOOL") span.toolName ||= component;
  span.inputs ||= contentText(attributes.get("haystack.component.input")) || contentText(attributes.get("haystack.pipeline.input_data"));
  span.outputs ||= contentText(attributes.get("haystack.component.output")) || contentText(attributes.get("haystack.pipeline.output_data"));
  if (span.kind !== "LLM" && span.kind !== "EMBEDDING") return;
  const meta = replyMeta(structured(attributes.get("haystack.component.output")));
  if (meta === undefined) return;
  fillUsage(span.usage, providerUsage(meta["usage"]));
  span.responseModel ||= memberText(meta, "model");
  const reason = memberText(meta, "finish_reason");
  if (reason !== "" && span.finishReasons.length === 0) span.finishReasons = [reason];
}

/** `{replies: [{meta}]}`; older versions `{meta: [{…}]}`; embedders `{meta: {…}}`. */
function replyMeta(output: unknown): Record<string, unknown> | undefined {
  const object = record(output);
  const replies = object?.["replies"];
  const reply = Array.isArray(replies) ? record(replies[0]) : undefined;
  const meta = reply?.["meta"] ?? reply?.["_meta"] ?? object?.["meta"];
  return record(Array.isArray(meta) ? meta[0] : meta);
}

function memberText(object: Record<string, unknown>, key: string): string {
  const value = object[key];
  return typeof value === "string" ? value : "";
}

function haystackContent(raw: RawSpan, content: SpanContent): void {
  const kind = haystack.kind(raw);
  if (kind === "LLM") {
    fillInput(content, messagesIn(raw, "haystack.component.input", "user"));
    fillOutput(content, messagesIn(raw, "haystack.component.output", "assistant"));
  } else if (kind === "RETRIEVER" || kind === "RERANKER") {
    const query = record(structured(raw.attributes.get("haystack.component.input")))?.["query"];
    content.retrievalQuery ||= typeof query === "string" ? query : "";
    fillDocuments(content, structured(raw.attributes.get("haystack.component.output")));
  } else if (kind === "TOOL") {
    content.toolArguments ??= structured(raw.attributes.get("haystack.component.input"));
    content.toolResult ??= structured(raw.attributes.get("haystack.component.output"));
  }
}

import type { AttributeValue, RawSpan, Span, SpanContent, SpanKind } from "@telltale/model";
import { fillDocuments, fillInput, fillOutput } from "./content/fill.ts";
import { messagesOf } from "./content/messages.ts";
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

const kindsOfSteps = new Map<string, SpanKind>([
  ["haystack.agent.run", "AGENT"],
  ["haystack.agent.step.llm", "LLM"],
  ["haystack.agent.step.tool", "TOOL"],
  ["haystack.chat_generator.run", "LLM"],
  ["haystack.pipeline.run", "WORKFLOW"],
  ["haystack.async_pipeline.run", "WORKFLOW"],
]);

/** Haystack's span names are its operation names; those of components say nothing, their class does. */
function kindOf(raw: RawSpan): SpanKind {
  const type = text(raw.attributes.get("haystack.component.type"));
  if (type !== "") return suffixes.find(([suffix]) => type.endsWith(suffix))?.[1] ?? "CHAIN";
  return kindsOfSteps.get(raw.name) ?? "CHAIN";
}

/** The attribute with the input or output, depending on what kind of span it is. */
function held(raw: RawSpan, side: "input" | "output"): AttributeValue | undefined {
  const attributes = raw.attributes;
  return (
    attributes.get(`haystack.component.${side}`) ??
    attributes.get(`${raw.name}.${side}`) ?? // haystack.agent.step.llm.output
    attributes.get(`haystack.agent.${side}`) ??
    attributes.get(`haystack.pipeline.${side}_data`)
  );
}

function readHaystack(raw: RawSpan, span: Span): void {
  const attributes = raw.attributes;
  const component = text(attributes.get("haystack.component.name"));
  if (span.kind === "AGENT") span.agentName ||= component;
  if (span.kind === "TOOL") span.toolName ||= text(attributes.get("haystack.tool.name")) || component;
  span.inputs ||= contentText(held(raw, "input"));
  span.outputs ||= contentText(held(raw, "output"));
  if (span.kind !== "LLM" && span.kind !== "EMBEDDING") return;
  const meta = replyMeta(structured(held(raw, "output")));
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
    fillInput(content, messagesOf(structured(held(raw, "input")), "user"));
    fillOutput(content, messagesOf(structured(held(raw, "output")), "assistant"));
  } else if (kind === "RETRIEVER" || kind === "RERANKER") {
    const query = record(structured(held(raw, "input")))?.["query"];
    content.retrievalQuery ||= typeof query === "string" ? query : "";
    fillDocuments(content, structured(held(raw, "output")));
  } else if (kind === "TOOL") {
    content.toolArguments ??= structured(held(raw, "input"));
    content.toolResult ??= structured(held(raw, "output"));
  }
}

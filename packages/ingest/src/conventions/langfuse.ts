import type { Attributes, RawSpan, Span, SpanContent, SpanKind, Usage } from "@telltale/model";
import { fillDocuments, fillInput, fillOutput, fillParams, fillTools, messagesIn } from "./content/fill.ts";
import type { Convention } from "./convention.ts";
import { family } from "./keys.ts";
import { canonicalProvider } from "./provider.ts";
import { fillCost, fillUsage, providerUsage, reportedCost } from "./usage.ts";
import { contentText, count, decimal, record, structured, text, unquotedText } from "./values.ts";

const kinds = new Map<string, SpanKind>([
  ["generation", "LLM"],
  ["embedding", "EMBEDDING"],
  ["retriever", "RETRIEVER"],
  ["tool", "TOOL"],
  ["agent", "AGENT"],
  ["chain", "CHAIN"],
  ["evaluator", "EVALUATOR"],
  ["guardrail", "GUARDRAIL"],
]);
const observationKeys = ["type", "input", "output", "model.name", "level", "usage_details"].map((key) => `langfuse.observation.${key}`);

/** Langfuse SDKs from version 3 on, which export OpenTelemetry spans. */
export const langfuse: Convention = {
  name: "langfuse",
  summary: "Langfuse SDKs 3 to 5 (langfuse.observation.*).",
  families: family.langfuse,
  recognises: (raw, families) => (families & family.langfuse) !== 0 && observationKeys.some((key) => raw.attributes.has(key)),
  kind: (raw) => {
    const type = text(raw.attributes.get("langfuse.observation.type"));
    // The JavaScript wrapper calls embeddings "generation" too; only their model's name tells.
    const model = text(raw.attributes.get("langfuse.observation.model.name"));
    return type === "generation" && model.includes("embedding") ? "EMBEDDING" : (kinds.get(type) ?? "CHAIN");
  },
  read: readLangfuse,
  content: langfuseContent,
};

function readLangfuse(raw: RawSpan, span: Span): void {
  const attributes = raw.attributes;
  span.requestModel ||= text(attributes.get("langfuse.observation.model.name"));
  span.provider ||= canonicalProvider(unquotedText(attributes.get("langfuse.observation.metadata.ls_provider")));
  span.promptName ||= text(attributes.get("langfuse.observation.prompt.name"));
  span.promptVersion ||= text(attributes.get("langfuse.observation.prompt.version"));
  const usage = attributes.get("langfuse.observation.usage_details");
  if (usage !== undefined) fillUsage(span.usage, langfuseUsage(record(structured(usage)) ?? {}));
  fillCost(span, cost(attributes));
  readParameters(attributes, span);
  const reason = unquotedText(attributes.get("langfuse.observation.metadata.finish_reason"));
  if (reason !== "" && span.finishReasons.length === 0) span.finishReasons = [reason];
  if (span.kind === "TOOL") span.toolName ||= span.name;
  span.inputs ||= contentText(attributes.get("langfuse.observation.input"));
  span.outputs ||= contentText(attributes.get("langfuse.observation.output"));
}

function readParameters(attributes: Attributes, span: Span): void {
  const parameters = attributes.get("langfuse.observation.model.parameters");
  if (typeof parameters === "string") {
    if (/"stream":\s*true/.test(parameters)) span.stream ??= true;
    const tier = /"service_tier":\s*"([a-z_]+)"/.exec(parameters);
    span.serviceTier ||= tier?.[1] ?? "";
  }
  if (attributes.has("langfuse.observation.completion_start_time")) span.stream ??= true;
}

/**
 * `usage_details` in its three shapes (protocol notes §4.4): OpenAI chat and responses as sent by the API, or buckets.
 * Buckets are disjoint when they add up to `total`; without a `total` they are what the user wrote: parts of the whole.
 */
export function langfuseUsage(details: Record<string, unknown>): Partial<Usage> {
  const raw = "prompt_tokens" in details || "completion_tokens" in details || "input_tokens" in details || "output_tokens" in details;
  if (raw) return providerUsage(details);
  const inputs = bucketsOf(details, "input");
  const outputs = bucketsOf(details, "output");
  const total = count(details["total"]);
  const disjoint = total !== undefined && sum(inputs) + sum(outputs) === total;
  return {
    input: disjoint && inputs.length > 0 ? sum(inputs) : count(details["input"]),
    output: disjoint && outputs.length > 0 ? sum(outputs) : count(details["output"]),
    cacheRead: firstOf(details, ["input_cached_tokens", "input_cache_read", "cache_read_input_tokens", "cache_read"]),
    cacheWrite: firstOf(details, ["input_cache_creation", "cache_creation_input_tokens", "input_cache_write", "cache_write"]),
    reasoning: firstOf(details, ["output_reasoning_tokens", "output_reasoning", "reasoning", "reasoning_tokens"]),
    inputAudio: firstOf(details, ["input_audio_tokens", "input_audio"]),
    outputAudio: firstOf(details, ["output_audio_tokens", "output_audio"]),
    inputImage: firstOf(details, ["input_image_tokens", "input_image"]),
  };
}

function bucketsOf(details: Record<string, unknown>, side: "input" | "output"): number[] {
  return Object.entries(details).flatMap(([key, value]) => (key === side || key.startsWith(`${side}_`) ? [count(value) ?? 0] : []));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function firstOf(details: Record<string, unknown>, keys: readonly string[]): number | undefined {
  for (const key of keys) {
    const value = count(details[key]);
    if (value !== undefined) return value;
  }
  return undefined;
}

function cost(attributes: Attributes): number | undefined {
  const details = record(structured(attributes.get("langfuse.observation.cost_details")));
  if (details === undefined) return undefined;
  const total = reportedCost(details["total"]);
  if (total !== undefined) return total;
  return reportedCost(Object.entries(details).reduce((usd, [key, value]) => (key === "total" ? usd : usd + (decimal(value) ?? 0)), 0));
}

function langfuseContent(raw: RawSpan, content: SpanContent): void {
  const attributes = raw.attributes;
  const input = structured(attributes.get("langfuse.observation.input"));
  const output = structured(attributes.get("langfuse.observation.output"));
  const kind = langfuse.kind(raw);
  if (kind === "LLM") {
    fillInput(content, messagesIn(raw, "langfuse.observation.input", "user"));
    fillOutput(content, messagesIn(raw, "langfuse.observation.output", "assistant"));
    fillTools(content, record(input)?.["tools"]);
  } else if (kind === "TOOL") {
    content.toolArguments ??= callArguments(input);
    content.toolResult ??= output;
  } else if (kind === "RETRIEVER") {
    content.retrievalQuery ||= queryOf(input);
    fillDocuments(content, output);
  } else if (kind === "EMBEDDING") {
    fillInput(content, messagesIn(raw, "langfuse.observation.input", "user"));
    const size = count(record(output)?.["count"]);
    if (size !== undefined) content.embeddings ??= { count: size, dimension: count(record(output)?.["dimensions"]) };
  }
  fillParams(content, Object.entries(record(structured(attributes.get("langfuse.observation.model.parameters"))) ?? {}));
}

/** The `@observe` decorator stores a call as `{args, kwargs}`; the named ones are what a reader wants. */
function callArguments(input: unknown): unknown {
  const call = record(input);
  if (call === undefined || !("args" in call) || !("kwargs" in call)) return input;
  const positional = Array.isArray(call["args"]) ? call["args"] : [];
  return positional.length === 0 ? call["kwargs"] : input;
}

function queryOf(input: unknown): string {
  if (typeof input === "string") return input;
  const args = record(input)?.["args"];
  const query = Array.isArray(args) ? args[0] : record(input)?.["query"];
  return typeof query === "string" ? query : "";
}

import { Double, mlflowTraceId, type AttributeValue, type RawSpan, type SpanKind } from "@telltale/model";
import type { StoredSpan } from "@telltale/store";

/** MLflow's span types that differ from our kinds' names; it has no word for the last two. */
const types: Partial<Record<SpanKind, string>> = { LLM: "CHAT_MODEL", HTTP: "UNKNOWN", PROMPT: "UNKNOWN" };

/**
 * The span with the attributes that MLflow's readers look for, as MLflow's own server fills them in for spans of other
 * conventions: only where the application did not set them itself.
 */
export function withMlflowAttributes(raw: RawSpan, span: StoredSpan, inputs: string, outputs: string): RawSpan {
  const attributes = new Map(raw.attributes);
  const fill = (key: string, value: AttributeValue | undefined): void => {
    if (value !== undefined && !attributes.has(key)) attributes.set(key, value);
  };
  fill("mlflow.traceRequestId", mlflowTraceId(raw.traceId));
  fill("mlflow.spanType", types[span.kind] ?? span.kind);
  fill("mlflow.spanInputs", content(inputs));
  fill("mlflow.spanOutputs", content(outputs));
  fill("mlflow.chat.tokenUsage", usage(span));
  fill("mlflow.llm.model", known(span.responseModel) ?? known(span.requestModel));
  fill("mlflow.llm.provider", known(span.provider));
  fill("mlflow.llm.cost", span.cost.usd === undefined || span.cost.source === "none" ? undefined : new Map([["total_cost", double(span.cost.usd)]]));
  return { ...raw, attributes };
}

function known(text: string): string | undefined {
  return text === "" ? undefined : text;
}

/** Content is stored as text; what is JSON is given back typed. */
function content(text: string): AttributeValue | undefined {
  if (text === "") return undefined;
  if (text[0] !== "{" && text[0] !== "[") return text;
  try {
    return attributeOf(JSON.parse(text), 0);
  } catch {
    return text; // looks like JSON, is not (or was cut): text as it is
  }
}

function usage({ usage: tokens, usageIsAggregate }: StoredSpan): AttributeValue | undefined {
  if (usageIsAggregate || (tokens.input === undefined && tokens.output === undefined)) return undefined;
  const entries: [string, number | undefined][] = [
    ["input_tokens", tokens.input],
    ["output_tokens", tokens.output],
    ["total_tokens", (tokens.input ?? 0) + (tokens.output ?? 0)],
    ["cache_read_input_tokens", tokens.cacheRead],
    ["cache_creation_input_tokens", tokens.cacheWrite],
  ];
  return new Map(entries.filter((entry): entry is [string, number] => entry[1] !== undefined));
}

const MAX_DEPTH = 100;

function attributeOf(value: unknown, depth: number): AttributeValue {
  if (depth > MAX_DEPTH) return "…";
  if (Array.isArray(value)) return value.map((item) => attributeOf(item, depth + 1));
  if (typeof value === "number") return Number.isSafeInteger(value) ? value : double(value);
  if (value !== null && typeof value === "object") return new Map(Object.entries(value).map(([key, item]) => [key, attributeOf(item, depth + 1)]));
  return typeof value === "string" || typeof value === "boolean" ? value : null;
}

function double(value: number): AttributeValue {
  return Number.isInteger(value) ? new Double(value) : value;
}

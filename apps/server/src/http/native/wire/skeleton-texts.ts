import type { SpanSkeleton } from "@telltale/model/api";
import type { SkeletonColumns } from "@telltale/store";
import { duplicateOf } from "./span-skeleton.ts";
import { formatSeconds } from "./timestamp.ts";

/** Spans written at once: half a megabyte. */
const SPANS_PER_TEXT = 500;

/** JSON by the index of the span. */
type Written = (at: number) => string;
/** One of some texts, by the index of the span: `texts[at[span]]`. */
interface Chosen {
  texts: readonly string[];
  at: readonly number[];
}
/** JSON of one value. A text = of every span the same. */
type Value = string | Chosen | Written;

/** Texts of two values are joined before they are written when there are no more pairs of them than this. */
const MAX_PAIRS = 256;

/**
 * The JSON that `toSpanSkeleton` comes to, some spans at a time, separated by commas. Written from columns: what all spans
 * share is written once and what many share is quoted and joined once, so that 50,000 spans take a fraction of the time that
 * building an object of fifty fields for each does.
 */
export function* skeletonTexts(columns: SkeletonColumns): Generator<string> {
  const parts = joined([...memberParts(valuesOf(columns)), "}"]).map(writtenOf);
  const count = columns.span_id.length;
  for (let from = 0; from < count; from += SPANS_PER_TEXT) {
    let text = "";
    for (let at = from; at < Math.min(count, from + SPANS_PER_TEXT); at += 1) {
      if (at > 0) text += ",";
      for (const part of parts) text += part(at);
    }
    yield text;
  }
}

function valuesOf(columns: SkeletonColumns): Record<keyof SpanSkeleton, Value> {
  return {
    span_id: (at) => JSON.stringify(columns.span_id[at]),
    parent_span_id: textOrNull(columns.parent_span_id),
    name: texts(columns.name),
    kind: texts(columns.kind),
    dialect: texts(columns.dialect),
    service: textOrNull(columns.service),
    scope: object({ name: texts(columns.scope_name), version: texts(columns.scope_version) }),
    start_time: times(columns.start_s, columns.start_nano),
    end_time: times(columns.end_s, columns.end_nano),
    duration_ms: (at) => String(columns.duration_ms[at]),
    clock_skew: flags(columns.clock_skew),
    status: texts(columns.status),
    status_message: textOrNull(columns.status_message),
    error_type: textOrNull(columns.error_type),
    http_status: values(columns.http_status),
    provider: textOrNull(columns.provider),
    model: textOrNull(columns.model),
    request_model: textOrNull(columns.request_model),
    response_model: textOrNull(columns.response_model),
    response_id: textOrNull(columns.response_id),
    service_tier: textOrNull(columns.service_tier),
    finish_reasons: coded(columns.finish_reasons, (json) => JSON.stringify(JSON.parse(json))),
    usage: object({
      input_tokens: values(columns.input_tokens),
      output_tokens: values(columns.output_tokens),
      cache_read_tokens: values(columns.cache_read_tokens),
      cache_write_tokens: values(columns.cache_write_tokens),
      cache_write_1h_tokens: values(columns.cache_write_1h_tokens),
      reasoning_tokens: values(columns.reasoning_tokens),
      input_audio_tokens: values(columns.input_audio_tokens),
      output_audio_tokens: values(columns.output_audio_tokens),
      input_image_tokens: values(columns.input_image_tokens),
    }),
    usage_is_aggregate: flags(columns.usage_is_aggregate),
    cost_usd: values(columns.cost_usd),
    cost_source: texts(columns.cost_source),
    cost_reported_usd: values(columns.cost_reported_usd),
    price_version: textOrNull(columns.price_version),
    ttft_ms: values(columns.ttft_ms),
    stream: values(columns.stream),
    session: textOrNull(columns.session),
    user: textOrNull(columns.user),
    agent_name: textOrNull(columns.agent_name),
    workflow_name: textOrNull(columns.workflow_name),
    tool_name: textOrNull(columns.tool_name),
    tool_call_id: textOrNull(columns.tool_call_id),
    prompt: textOrNull(columns.prompt),
    counted: flags(columns.counted, true),
    duplicate_of: coded(columns.duplicate_of, (reference) => JSON.stringify(duplicateOf(reference))),
    noise: flags(columns.noise),
    truncated: flags(columns.truncated),
  };
}

type Coded = SkeletonColumns["name"];

function coded({ values: said, at }: Coded, json: (text: string) => string): Value {
  const written = said.map(json);
  return at.length === 0 ? (written[0] ?? "null") : { texts: written, at };
}

function texts(column: Coded): Value {
  return coded(column, (text) => JSON.stringify(text));
}

function textOrNull(column: Coded): Value {
  return coded(column, (text) => (text === "" ? "null" : JSON.stringify(text)));
}

/** Numbers (the engine writes only finite ones) or flags; `null` = not known. */
function values(column: readonly (number | boolean | null)[]): Value {
  return column.length === 0 ? "null" : (at) => String(column[at] ?? null);
}

function flags(column: readonly boolean[], usual = false): Value {
  return column.length === 0 ? String(usual) : (at) => String(column[at] ?? usual);
}

function times(seconds: readonly number[], nanos: readonly number[]): Value {
  return (at) => `"${formatSeconds(seconds[at] ?? 0, nanos[at] ?? 0)}"`;
}

function object(members: Readonly<Record<string, Value>>): Value {
  const parts = joined([...memberParts(members), "}"]);
  const [only = ""] = parts;
  if (parts.length < 2) return only;
  const written = parts.map(writtenOf);
  return (at) => written.reduce((text, part) => text + part(at), "");
}

function writtenOf(value: Value): Written {
  if (typeof value === "string") return () => value;
  return typeof value === "function" ? value : (span) => value.texts[value.at[span] ?? 0] ?? "";
}

/** `{"a":`, value of a, `,"b":`, value of b. */
function memberParts(members: Readonly<Record<string, Value>>): Value[] {
  return Object.entries(members).flatMap(([name, value], index) => [`${index === 0 ? "{" : ","}${JSON.stringify(name)}:`, value]);
}

/** Texts that stand beside each other made one where they can be. */
function joined(parts: readonly Value[]): Value[] {
  const all: Value[] = [];
  for (const part of parts) {
    const last = all.at(-1);
    const both = last === undefined ? undefined : joinedPair(last, part);
    if (both === undefined) all.push(part);
    else all[all.length - 1] = both;
  }
  return all;
}

function joinedPair(first: Value, second: Value): Value | undefined {
  if (typeof first === "function" || typeof second === "function") return undefined;
  if (typeof first === "string" && typeof second === "string") return first + second;
  if (typeof first === "string" && typeof second !== "string") return { texts: second.texts.map((text) => first + text), at: second.at };
  if (typeof first !== "string" && typeof second === "string") return { texts: first.texts.map((text) => text + second), at: first.at };
  if (typeof first === "string" || typeof second === "string" || first.texts.length * second.texts.length > MAX_PAIRS) return undefined;
  const others = second.texts;
  return {
    texts: first.texts.flatMap((text) => others.map((other) => text + other)),
    at: first.at.map((at, span) => at * others.length + (second.at[span] ?? 0)),
  };
}

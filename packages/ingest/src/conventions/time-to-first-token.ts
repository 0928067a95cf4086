import { Double, type AttributeValue, type RawSpan, type Span } from "@telltale/model";
import { family } from "./keys.ts";
import { decimal, unquotedText } from "./values.ts";

const firstChunkEvents = new Set([
  "First Token Stream Event",
  "ai.stream.firstChunk",
  "gen_ai.content.completion.chunk",
  "llm.content.completion.chunk",
  "mlflow.chunk.item.0",
]);

/** Milliseconds from the start of a model call to its first chunk. Units differ under one name: protocol notes §4.6. */
export function readTimeToFirstToken(raw: RawSpan, families: number, span: Span): void {
  const ttft = stated(raw, families, span) ?? fromEvents(raw);
  const durationMs = Number(span.endNs - span.startNs) / 1e6;
  if (ttft === undefined || ttft < 0 || ttft > durationMs) return;
  span.ttftMs = ttft;
  span.stream ??= true;
}

function stated(raw: RawSpan, families: number, span: Span): number | undefined {
  const attributes = raw.attributes;
  if (families & family.genAi) {
    const seconds = decimal(attributes.get("gen_ai.response.time_to_first_chunk")) ?? decimal(attributes.get("gen_ai.client.operation.time_to_first_chunk"));
    if (seconds !== undefined) return seconds * 1000;
    const server = attributes.get("gen_ai.server.time_to_first_token");
    if (server !== undefined) return serverTime(server, span);
  }
  if (families & family.vercel) {
    const ms = decimal(attributes.get("ai.response.msToFirstChunk"));
    if (ms !== undefined) return ms;
  }
  if (families & family.langfuse) return since(attributes.get("langfuse.observation.completion_start_time"), raw.startNs);
  if (families & family.mastra) return since(attributes.get("mastra.completion_start_time"), raw.startNs);
  if (families & family.claudeCode) return decimal(attributes.get("ttft_ms"));
  return undefined;
}

/** OpenLIT writes seconds, and for calls that do not stream the whole duration; Strands writes whole milliseconds. */
function serverTime(value: AttributeValue, span: Span): number | undefined {
  const number = decimal(value);
  if (number === undefined) return undefined;
  if (span.dialect === "openlit") return span.stream === true ? number * 1000 : undefined;
  if (span.dialect === "strands") return number;
  const isFloat = value instanceof Double || !Number.isInteger(number);
  return isFloat ? number * 1000 : number;
}

/** A moment as (quoted) ISO text or as Unix milliseconds, relative to the start of the span. */
function since(moment: AttributeValue | undefined, startNs: bigint): number | undefined {
  if (moment === undefined) return undefined;
  const written = unquotedText(moment);
  const unixMs = /^\d{12,}$/.test(written) ? Number(written) : Date.parse(written);
  if (!Number.isFinite(unixMs)) return undefined;
  const ms = unixMs - Number(startNs) / 1e6;
  return ms < 0 && ms > -1 ? 0 : ms; // the text has milliseconds, the span nanoseconds
}

function fromEvents(raw: RawSpan): number | undefined {
  for (const event of raw.events) {
    if (firstChunkEvents.has(event.name)) return Number(event.timeNs - raw.startNs) / 1e6;
  }
  return undefined;
}

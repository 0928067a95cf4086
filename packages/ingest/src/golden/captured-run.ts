import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { RawLog, RawSpan, Span } from "@telltale/model";
import { toAssemblySpan } from "../assemble/assembly-span.ts";
import { normaliseSpan } from "../conventions/normalise.ts";
import { ResponseIndex } from "../dedup/response-index.ts";
import type { SettleSpan } from "../dedup/settle-span.ts";
import { settleTrace } from "../dedup/settle-trace.ts";
import { decodeLogs } from "../otlp/logs.ts";
import { decodeTraces } from "../otlp/traces.ts";

/** For tests: the exports of one program with a real SDK, and what the model server behind it really served. */
const folder = fileURLToPath(new URL("../../fixtures/otlp", import.meta.url));
const afterCapture = { nowMs: Date.UTC(2026, 10, 24) };

export interface ModelTotals {
  calls: number;
  input_tokens: number;
  output_tokens: number;
  cache_read: number;
  cache_write: number;
  reasoning: number;
}

export interface Truth {
  by_response_model: Record<string, ModelTotals>;
  embedding_calls: number;
  embedding_input_tokens: number;
  failed_requests: number[];
  tool_calls_requested: string[];
}

export interface CapturedSpan {
  raw: RawSpan;
  logs: RawLog[];
  span: Span;
}

export interface CapturedRun {
  name: string;
  truth: Truth | null;
  spans: CapturedSpan[];
}

/** Names of all captures. */
export const captureNames = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .toSorted();

/** Decodes and normalises one capture, log records joined, and settles it within and across its traces. */
export function capturedRun(name: string): CapturedRun {
  const files = readdirSync(join(folder, name)).toSorted();
  const logs = bySpan(bodies(name, files, "logs").flatMap((body) => decodeLogs(body, "protobuf", afterCapture).logs));
  const spans = bodies(name, files, "traces")
    .flatMap((body) => decodeTraces(body, "protobuf", afterCapture).spans)
    .map((raw) => {
      const own = logs.get(`${raw.traceId}/${raw.spanId}`) ?? [];
      return { raw, logs: own, span: normaliseSpan(raw, own) };
    });
  settle(spans.map(({ span }) => span));
  const manifest = JSON.parse(readFileSync(join(folder, name, "manifest.json"), "utf8")) as { truth: Truth | null };
  return { name, truth: manifest.truth, spans };
}

function bodies(name: string, files: readonly string[], signal: string): Buffer[] {
  return files.filter((file) => file.endsWith(`-${signal}.pb`)).map((file) => readFileSync(join(folder, name, file)));
}

function bySpan(logs: readonly RawLog[]): Map<string, RawLog[]> {
  const joined = new Map<string, RawLog[]>();
  for (const log of logs) {
    const key = `${log.traceId}/${log.spanId}`;
    joined.set(key, [...(joined.get(key) ?? []), log]);
  }
  return joined;
}

function settle(spans: readonly Span[]): void {
  const byId = new Map(spans.map((span) => [`${span.traceId}:${span.spanId}`, span]));
  const responses = new ResponseIndex();
  for (const traceId of new Set(spans.map((span) => span.traceId))) {
    const settling = spans.filter((span) => span.traceId === traceId).map(toAssemblySpan);
    const settled = settleTrace(settling);
    for (const own of settling) {
      const decision = settled.get(own.spanId);
      if (decision === undefined) continue;
      mark(byId, own, decision.duplicateOf);
      if (decision.counted) settleAcross(byId, responses, own);
    }
  }
}

function settleAcross(byId: ReadonlyMap<string, Span>, responses: ResponseIndex, own: SettleSpan): void {
  const { duplicateOf, displaced } = responses.offer("project", own);
  mark(byId, own, duplicateOf);
  if (displaced !== undefined) mark(byId, displaced, `${own.traceId}:${own.spanId}`);
}

function mark(byId: ReadonlyMap<string, Span>, own: SettleSpan, duplicateOf: string): void {
  const span = byId.get(`${own.traceId}:${own.spanId}`);
  if (span === undefined) return;
  span.counted = duplicateOf === "";
  span.duplicateOf = duplicateOf;
}

import { decodeLogs, decodeMetrics, decodeTraces, decodeTracesJson } from "@telltale/ingest";
import type { MetricPoint, RawLog, RawSpan } from "@telltale/model";
import type { JournalRecord } from "@telltale/store";
import type { Command } from "./ingest.ts";
import { type PreparedRequest, type ReadWith, prepareSpans } from "./prepare-spans.ts";
import type { Routing } from "./project-routing.ts";

/** What a journal record says beside the client's bytes. */
export type ItemMeta =
  | { type: "traces"; format: "protobuf" | "json"; routing: Routing; runId?: string }
  | { type: "traces_json"; routing: Routing; traceId: string }
  | { type: "logs" | "metrics"; format: "protobuf" | "json"; routing: Routing }
  | { type: "commands" };

/** A record understood: what the drain works on. */
export type Item =
  | ({ type: "traces"; runId: string | undefined; spanCount: number } & PreparedRequest)
  | { type: "logs"; routing: Routing; logs: RawLog[] }
  | { type: "metrics"; routing: Routing; points: MetricPoint[] }
  | { type: "commands"; commands: readonly Command[] }
  /** The server's own: these traces wait for a root that does not come. Not journalled; found again after a restart. */
  | { type: "time_out"; traces: readonly { projectId: string; traceId: string }[] };

/** Decodes a record read back from disk. It was decoded once before it was acknowledged, so it cannot fail on the data. */
export function decodeItem(record: JournalRecord, readWith: ReadWith): Item {
  const meta = record.meta as ItemMeta;
  switch (meta.type) {
    case "traces":
      return tracesItem(decodeTraces(record.body, meta.format).spans, meta.routing, meta.runId, readWith);
    case "traces_json":
      return tracesItem(decodeTracesJson(record.body), meta.routing, undefined, readWith);
    case "logs":
      return { type: "logs", routing: meta.routing, logs: decodeLogs(record.body, meta.format).logs };
    case "metrics":
      return { type: "metrics", routing: meta.routing, points: decodeMetrics(record.body, meta.format).points };
    case "commands":
      return { type: "commands", commands: decodeCommands(record.body) };
  }
}

export function isCommands(record: JournalRecord): boolean {
  return (record.meta as ItemMeta).type === "commands";
}

export function tracesItem(spans: readonly RawSpan[], routing: Routing, runId: string | undefined, readWith: ReadWith): Item {
  return { type: "traces", runId, spanCount: spans.length, ...prepareSpans(spans, routing, readWith) };
}

export function encodeCommands(commands: readonly Command[]): Buffer {
  return Buffer.from(JSON.stringify(commands, (_key, value: unknown) => (value instanceof Map ? { $map: [...(value as Map<string, string>)] } : value)));
}

function decodeCommands(body: Buffer): Command[] {
  return JSON.parse(body.toString("utf8"), (_key, value: unknown) => {
    const map = (value as { $map?: [string, string][] } | null)?.$map;
    return Array.isArray(map) ? new Map(map) : value;
  }) as Command[];
}

/** Traces an item touches, for read-your-writes. */
export function traceIdsOf(item: Item): Set<string> {
  const ids = new Set<string>();
  if (item.type === "traces") for (const group of item.groups) for (const span of group.spans) ids.add(span.traceId);
  if (item.type === "time_out") for (const trace of item.traces) ids.add(trace.traceId);
  if (item.type === "logs") for (const log of item.logs) ids.add(log.traceId);
  if (item.type === "commands") {
    for (const command of item.commands) {
      if (command.type === "traces_delete") for (const id of command.traceIds) ids.add(id);
      else ids.add(command.type === "assessment" ? command.assessment.traceId : command.traceId);
    }
  }
  return ids;
}

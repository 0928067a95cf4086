import { readContent, unpackRaw } from "@telltale/ingest";
import type { RawLog } from "@telltale/model";
import type { SpanPayload } from "@telltale/store";
import type { ReadSpan } from "../http/native/wire/span-detail.ts";

/** What a stored span was sent as, and what it says. */
export function readSpan(ids: { traceId: string; spanId: string }, payload: SpanPayload, logs: readonly RawLog[]): ReadSpan {
  const raw = unpackRaw(payload.raw, ids, payload.inputs, payload.outputs);
  return { raw, content: readContent(raw, logs) };
}

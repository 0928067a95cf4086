import type { Engine } from "../engine/engine.ts";
import { known } from "./questions/trace-rows.ts";

/** A counted model call that has a response id, as far as finding a second report of it needs. */
export interface StoredResponse {
  projectId: string;
  traceId: string;
  spanId: string;
  kind: string;
  scopeName: string;
  serviceName: string;
  startNs: bigint;
  endNs: bigint;
  model: string;
  responseId: string;
  inputTokens: number | undefined;
  outputTokens: number | undefined;
  attributeCount: number;
}

interface ResponseRow {
  project_id: string;
  trace_id: string;
  span_id: string;
  kind: string;
  scope_name: string;
  service_name: string;
  start_ns: string;
  end_ns: string;
  called: string;
  response_id: string;
  input_tokens: number | null;
  output_tokens: number | null;
  attribute_count: string;
}

/** The newest `limit` calls of traces that began after `sinceMs`, oldest first. */
export async function recentResponses(engine: Engine, sinceMs: number, limit: number): Promise<StoredResponse[]> {
  const rows = await engine.query<ResponseRow>(
    `SELECT project_id, trace_id, span_id, kind, scope_name, service_name, toUnixTimestamp64Nano(start_time) AS start_ns, toUnixTimestamp64Nano(end_time) AS end_ns,
       model AS called, response_id, input_tokens, output_tokens, length(attributes) AS attribute_count
     FROM spans FINAL
     WHERE bucket >= toStartOfHour(toDateTime({since:UInt32}, 'UTC')) AND response_id != '' AND counted AND NOT usage_is_aggregate AND kind IN ('LLM', 'EMBEDDING')
     ORDER BY start_time DESC LIMIT {limit:UInt32} SETTINGS do_not_merge_across_partitions_select_final = 1`,
    { since: Math.max(0, Math.floor(sinceMs / 1000)), limit },
    { lane: "heavy", maxSeconds: 5 },
  );
  return rows.toReversed().map((row) => ({
    projectId: row.project_id,
    traceId: row.trace_id,
    spanId: row.span_id,
    kind: row.kind,
    scopeName: row.scope_name,
    serviceName: row.service_name,
    startNs: BigInt(row.start_ns),
    endNs: BigInt(row.end_ns),
    model: row.called,
    responseId: row.response_id,
    inputTokens: known(row.input_tokens),
    outputTokens: known(row.output_tokens),
    attributeCount: Number(row.attribute_count),
  }));
}

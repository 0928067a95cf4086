import type { SpanStatus } from "@telltale/model";
import type { Engine } from "../../engine/engine.ts";
import { SqlParams } from "../../filter-to-sql/sql-params.ts";
import { keysSql } from "../trace-keys.ts";
import type { TurnRow } from "./session-turns.ts";

/** Listed per turn; all are counted. */
const MAX_TOOLS = 30;
const MAX_ERROR_LENGTH = 300;
/** More than this of one span is not read for a page of turns: it is shown from its preview. */
const MAX_CONTENT_BYTES = 2 * 1024 * 1024;

export interface ToolCall {
  name: string;
  spanId: string;
  status: SpanStatus;
  durationMs: number;
  error: string;
}

/** What the spans of a turn say beside its row. */
export interface TurnSpans {
  toolCalls: number;
  tools: ToolCall[];
  /** The counted model call that began last; `""` = none. */
  lastCallId: string;
}

export interface TurnContent {
  traceId: string;
  spanId: string;
  inputs: string;
  outputs: string;
  raw: string;
}

type Turn = Pick<TurnRow, "spansBucket"> & { trace: Pick<TurnRow["trace"], "projectId" | "traceId"> };

/** Tools and the last model call of each turn, by trace id. */
export async function spansOfTurns(engine: Engine, turns: readonly Turn[], signal?: AbortSignal): Promise<Map<string, TurnSpans>> {
  if (turns.length === 0) return new Map();
  const params = new SqlParams();
  const rows = await engine.query<{ trace_id: string; calls: string; tools: [string, string, string, string, number, string][]; last_call: string }>(
    `SELECT trace_id, countIf(kind = 'TOOL') AS calls,
       arraySlice(arraySort(groupArrayIf(1000)((toString(toUnixTimestamp64Nano(start_time)), span_id, toString(if(tool_name = '', name, tool_name)), toString(status), duration_ms,
         substringUTF8(if(status_message = '', toString(error_type), status_message), 1, ${MAX_ERROR_LENGTH})), kind = 'TOOL')), 1, ${MAX_TOOLS}) AS tools,
       argMaxIf(span_id, (start_time, span_id), kind = 'LLM' AND counted) AS last_call
     FROM spans FINAL WHERE ${spanKeysSql(turns, params)} GROUP BY trace_id`,
    params.values,
    { signal, maxMemoryBytes: 2 * 1024 * 1024 * 1024 },
  );
  return new Map(
    rows.map((row) => [
      row.trace_id,
      {
        toolCalls: Number(row.calls),
        tools: row.tools.map(([, spanId, name, status, durationMs, error]) => ({ name, spanId, status: status as SpanStatus, durationMs, error })), // written by us from the same union
        lastCallId: row.last_call,
      },
    ]),
  );
}

/** Content of some spans of turns. Of a very large one only its beginning, without `raw`. */
export async function contentOfTurns(engine: Engine, turns: readonly (Turn & { spanIds: readonly string[] })[], signal?: AbortSignal): Promise<TurnContent[]> {
  const wanted = turns.flatMap((turn) => turn.spanIds);
  if (wanted.length === 0) return [];
  const params = new SqlParams();
  const rows = await engine.query<{ trace_id: string; span_id: string; inputs: string; outputs: string; raw: string }>(
    `SELECT trace_id, span_id, substring(inputs, 1, ${MAX_CONTENT_BYTES}) AS inputs, substring(outputs, 1, ${MAX_CONTENT_BYTES}) AS outputs, if(length(raw) > ${MAX_CONTENT_BYTES}, '', raw) AS raw
     FROM payloads FINAL WHERE ${spanKeysSql(turns, params)} AND span_id IN ${params.bind("Array(String)", wanted)}`,
    params.values,
    { signal, maxMemoryBytes: 2 * 1024 * 1024 * 1024 },
  );
  const known = new Map(turns.map((turn) => [turn.trace.traceId, new Set(turn.spanIds)]));
  return rows
    .filter((row) => known.get(row.trace_id)?.has(row.span_id) === true)
    .map((row) => ({ traceId: row.trace_id, spanId: row.span_id, inputs: row.inputs, outputs: row.outputs, raw: row.raw }));
}

function spanKeysSql(turns: readonly Turn[], params: SqlParams): string {
  return keysSql(
    turns.map(({ trace, spansBucket }) => ({ project_id: trace.projectId, trace_id: trace.traceId, at: spansBucket })),
    params,
  );
}

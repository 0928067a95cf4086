import type { Engine } from "../../engine/engine.ts";
import { SqlParams } from "../../filter-to-sql/sql-params.ts";
import { erasedSql, type ErasedTraces } from "./erasing-traces.ts";

const LIMITS = { lane: "heavy", maxSeconds: 120, maxMemoryBytes: 2 * 1024 * 1024 * 1024 } as const;

/** Rows that belong to the traces, per kind. */
export interface ErasedRows {
  traces: number;
  sessions: number;
  spans: number;
  payloads: number;
  logs: number;
  assessments: number;
}

export async function erasedRows(engine: Engine, traces: ErasedTraces): Promise<ErasedRows> {
  const count = async (table: string, what = "count()"): Promise<number> => {
    const params = new SqlParams();
    const rows = await engine.query<{ n: string }>(
      `SELECT ${what} AS n FROM ${table} FINAL WHERE (project_id, trace_id) IN (${erasedSql(traces, params)})`,
      params.values,
      LIMITS,
    );
    return Number(rows[0]?.n ?? 0);
  };
  // One after the other: they share the one connection of heavy work.
  return {
    traces: await count("traces", "uniqExact((project_id, trace_id))"),
    sessions: await count("traces", "uniqExactIf((project_id, session_id), session_id != '')"),
    spans: await count("spans"),
    payloads: await count("payloads"),
    logs: await count("span_logs"),
    assessments: await count("assessments"),
  };
}

const LINK = "telltale-blob://([0-9a-f]{64})";

/** Hashes of the blobs that content of the traces links to. */
export async function blobsOfTraces(engine: Engine, traces: ErasedTraces): Promise<string[]> {
  return linked(engine, (params) => `(project_id, trace_id) IN (${erasedSql(traces, params)})`);
}

/** Those of the hashes to which content of any other trace, of any project, links. */
export async function blobsUsedElsewhere(engine: Engine, hashes: readonly string[], traces: ErasedTraces): Promise<Set<string>> {
  if (hashes.length === 0) return new Set();
  const wanted = new Set(hashes);
  const used = await linked(
    engine,
    (params) => `(project_id, trace_id) NOT IN (${erasedSql(traces, params)})`,
    // Spans that lost content to a blob say so: the others need not be read.
    "(project_id, bucket, trace_id, span_id) IN (SELECT project_id, bucket, trace_id, span_id FROM spans WHERE truncated)",
  );
  return new Set(used.filter((hash) => wanted.has(hash)));
}

async function linked(engine: Engine, which: (params: SqlParams) => string, onlyPayloads = "1"): Promise<string[]> {
  const params = new SqlParams();
  const rows = await engine.query<{ hash: string }>(
    `SELECT DISTINCT arrayJoin(extractAll(text, '${LINK}')) AS hash FROM (
       SELECT concat(inputs, ' ', outputs, ' ', raw) AS text FROM payloads FINAL WHERE ${which(params)} AND ${onlyPayloads}
       UNION ALL SELECT concat(body, ' ', raw) AS text FROM span_logs FINAL WHERE ${which(params)}
     ) LIMIT 1000000`,
    params.values,
    LIMITS,
  );
  return rows.map(({ hash }) => hash);
}

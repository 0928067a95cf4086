import type { ProjectScope, RawLog } from "@telltale/model";
import type { Engine } from "../../engine/engine.ts";
import { scopeSql } from "../../filter-to-sql/project-scope.ts";
import { SqlParams } from "../../filter-to-sql/sql-params.ts";

const MAX_LOGS = 20_000;

/** Log records that belong to a trace, in time order, at most 20,000. `unpack` reads what ingest packed. */
export async function logsOf(engine: Engine, unpack: (raw: string) => RawLog, scope: ProjectScope, traceId: string, signal?: AbortSignal): Promise<RawLog[]> {
  const params = new SqlParams();
  const rows = await engine.query<{ raw: string }>(
    `SELECT raw FROM span_logs FINAL WHERE ${scopeSql(scope, params)} AND trace_id = ${params.bind("String", traceId)} ORDER BY time, log_id LIMIT ${MAX_LOGS}`,
    params.values,
    { signal },
  );
  return rows.map((row) => unpack(row.raw));
}

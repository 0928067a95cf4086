import type { ProjectScope } from "@telltale/model";
import type { Engine } from "../../engine/engine.ts";
import { scopeSql } from "../../filter-to-sql/project-scope.ts";
import { SqlParams } from "../../filter-to-sql/sql-params.ts";

/** Ids of traces that started at or before `endMs`, oldest first, at most `limit`. */
export async function traceIdsBefore(engine: Engine, scope: ProjectScope, endMs: number, limit: number): Promise<string[]> {
  const params = new SqlParams();
  const rows = await engine.query<{ trace_id: string }>(
    `SELECT trace_id FROM traces FINAL WHERE ${scopeSql(scope, params)} AND toUnixTimestamp64Milli(start_time) <= ${params.bind("Int64", Math.floor(endMs))}
     ORDER BY start_time, trace_id LIMIT ${params.bind("UInt32", Math.max(0, Math.floor(limit)))}`,
    params.values,
    { lane: "heavy" },
  );
  return rows.map((row) => row.trace_id);
}

import type { ProjectScope } from "@telltale/model";
import type { Engine } from "../../engine/engine.ts";
import { scopeSql } from "../../filter-to-sql/project-scope.ts";
import { SqlParams } from "../../filter-to-sql/sql-params.ts";
import { boundsSql, windowOf, windowSql } from "./time-window.ts";

/** The year 2255: nanoseconds end soon after. */
const LATEST_MS = 9_000_000_000_000;

/** Ids of traces that started at or before `endMs`, oldest first, at most `limit`. */
export async function traceIdsBefore(engine: Engine, scope: ProjectScope, endMs: number, limit: number): Promise<string[]> {
  const params = new SqlParams();
  // Clients say "all" with the largest number there is.
  const toNs = endMs < LATEST_MS ? (BigInt(Math.floor(endMs)) + 1n) * 1_000_000n : undefined;
  const bounds = { fromNs: undefined, toNs };
  const where = [scopeSql(scope, params), ...windowSql(windowOf(bounds), params), ...boundsSql(bounds, params)];
  const rows = await engine.query<{ trace_id: string }>(
    `SELECT trace_id FROM traces FINAL WHERE ${where.join(" AND ")} ORDER BY start_time, trace_id LIMIT ${params.bind("UInt32", Math.max(0, Math.floor(limit)))}`,
    params.values,
    { lane: "heavy" },
  );
  return rows.map((row) => row.trace_id);
}

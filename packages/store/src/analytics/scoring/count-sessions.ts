import type { Engine } from "../../engine/engine.ts";
import { SqlParams } from "../../filter-to-sql/sql-params.ts";
import type { TraceQuery } from "../../store.ts";
import { windowOf } from "../questions/time-window.ts";
import { wantedBy, windowConditions } from "../questions/trace-conditions.ts";

const LIMITS = { lane: "heavy", maxSeconds: 20, maxMemoryBytes: 1024 * 1024 * 1024 } as const;

/** Conversations that a query's traces belong to. */
export async function countSessions(engine: Engine, query: Pick<TraceQuery, "scope" | "filter" | "fromNs" | "toNs">, signal?: AbortSignal): Promise<number> {
  const wanted = await wantedBy({ ...query, limit: 1 }, engine, signal);
  const params = new SqlParams();
  const where = [...windowConditions(wanted, windowOf(wanted.read), "exact", params), "session_id != ''"].join(" AND ");
  const [row] = await engine.query<{ n: string }>(`SELECT uniqExact(project_id, session_id) AS n FROM traces FINAL WHERE ${where}`, params.values, {
    signal,
    ...LIMITS,
  });
  return Number(row?.n ?? 0);
}

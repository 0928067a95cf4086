import type { ProjectScope } from "@telltale/model";
import type { Engine } from "../../engine/engine.ts";
import { scopeSql } from "../../filter-to-sql/project-scope.ts";
import { SqlParams } from "../../filter-to-sql/sql-params.ts";
import type { GroupFigures } from "./group-figures.ts";
import { groupFigures } from "./group-list.ts";
import { placedTurns, type SessionKey } from "./session-turns.ts";

/** At most this many stretches, however long the session. */
const MAX_STRETCHES = 200;

/** A few turns in a row: a point of the session's curves. */
export interface SessionStretch {
  position: number;
  turns: number;
  startNs: bigint;
  costUsd: number | undefined;
  /** Input tokens per model call. */
  contextTokens: number | undefined;
  errors: number;
}

/** Projects in which there is a session of this id, the one that was active last first. */
export async function projectsOfSession(engine: Engine, scope: ProjectScope, sessionId: string, signal?: AbortSignal): Promise<string[]> {
  const params = new SqlParams();
  const rows = await engine.query<{ project: string }>(
    `SELECT project_id AS project FROM traces FINAL WHERE ${scopeSql(scope, params)} AND session_id = ${params.bind("String", sessionId)}
     GROUP BY project_id ORDER BY max(start_time) DESC, project_id LIMIT 1000`,
    params.values,
    { signal },
  );
  return rows.map(({ project }) => project);
}

/** The sums of a whole session; undefined when there is none. */
export async function sessionFigures(engine: Engine, { projectId, sessionId }: SessionKey, signal?: AbortSignal): Promise<GroupFigures | undefined> {
  const ids = (params: SqlParams): string => `session_id = ${params.bind("String", sessionId)}`;
  const [figures] = await groupFigures(engine, "session", { scope: { projectIds: [projectId] }, ids, exact: () => "1" }, signal);
  return figures;
}

export async function sessionStretches(engine: Engine, session: SessionKey, signal?: AbortSignal): Promise<SessionStretch[]> {
  const params = new SqlParams();
  const placed = placedTurns(session, "cost_usd, input_tokens, llm_calls, status", params);
  const rows = await engine.query<{ place: string; n: string; first_ns: string; cost: number | null; context: number | null; failed: string }>(
    `SELECT min(turns.place) AS place, count() AS n, min(start_ns) AS first_ns, toFloat64(sum(cost_usd)) AS cost,
       if(sum(llm_calls) = 0, NULL, sumIf(input_tokens, llm_calls > 0) / sumIf(llm_calls, isNotNull(input_tokens))) AS context, countIf(status = 'error') AS failed
     FROM ${placed} AS turns GROUP BY intDiv(turns.place, greatest(1, intDiv(total + ${MAX_STRETCHES - 1}, ${MAX_STRETCHES}))) ORDER BY place
     SETTINGS do_not_merge_across_partitions_select_final = 1`,
    params.values,
    { signal },
  );
  return rows.map((row) => ({
    position: Number(row.place),
    turns: Number(row.n),
    startNs: BigInt(row.first_ns),
    costUsd: row.cost ?? undefined,
    contextTokens: row.context === null || !Number.isFinite(row.context) ? undefined : row.context,
    errors: Number(row.failed),
  }));
}

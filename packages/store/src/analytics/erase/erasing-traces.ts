import { createHash } from "node:crypto";
import type { ProjectScope } from "@telltale/model";
import type { Engine } from "../../engine/engine.ts";
import { scopeSql } from "../../filter-to-sql/project-scope.ts";
import { SqlParams } from "../../filter-to-sql/sql-params.ts";
import { durableSettings } from "../tables.ts";

/** Which traces an erasure takes, until it is done. Ids only; one partition per erasure, so that it goes in one step. */
export const erasingTable = [
  `CREATE TABLE IF NOT EXISTS erasing_traces (erasure_id String, project_id LowCardinality(String), trace_id String)
   ENGINE = MergeTree PARTITION BY erasure_id ORDER BY (project_id, trace_id) SETTINGS ${durableSettings}`,
] as const;

/** Whose traces: of one person, or those that an erasure has chosen. */
export type ErasedTraces = { kind: "user"; scope: ProjectScope; userId: string } | { kind: "erasure"; erasureId: string };

/** `SELECT project_id, trace_id …` of them. */
export function erasedSql(traces: ErasedTraces, params: SqlParams): string {
  if (traces.kind === "erasure") return `SELECT project_id, trace_id FROM erasing_traces WHERE erasure_id = ${params.bind("String", traces.erasureId)}`;
  const own = (columns: string): string =>
    `SELECT ${columns} FROM traces FINAL WHERE ${scopeSql(traces.scope, params)} AND user_id = ${params.bind("String", traces.userId)}`;
  return `${own("project_id, trace_id")} UNION DISTINCT ${judgeTracesSql(own)}`;
}

/** Judges that looked at a person's traces, or at a session with them in it, quote what was said in traces of their own. */
function judgeTracesSql(own: (columns: string) => string): string {
  return `SELECT project_id, trace_id FROM traces FINAL WHERE tags['telltale.source'] = 'judge' AND trace_id IN (
    SELECT replaceRegexpOne(metadata['mlflow.assessment.scorerTraceId'], '^tr-', '') FROM assessments FINAL
    WHERE metadata['mlflow.assessment.scorerTraceId'] != '' AND ((project_id, trace_id) IN (${own("project_id, trace_id")})
      OR (session_id != '' AND (project_id, session_id) IN (${own("project_id, session_id")}))))`;
}

/** Chooses all traces of a person that are stored now. Done again it chooses anew. */
export async function chooseTraces(engine: Engine, erasureId: string, scope: ProjectScope, userId: string): Promise<void> {
  await forgetChosen(engine, erasureId);
  const params = new SqlParams();
  const id = params.bind("String", erasureId);
  await engine.command(
    `INSERT INTO erasing_traces (erasure_id, project_id, trace_id) SELECT ${id}, project_id, trace_id FROM (${erasedSql({ kind: "user", scope, userId }, params)})`,
    params.values,
  );
}

export async function forgetChosen(engine: Engine, erasureId: string): Promise<void> {
  // A partition cannot be a parameter.
  if (!/^[\w-]{1,100}$/.test(erasureId)) throw new Error(`not the id of an erasure: ${erasureId}`);
  await engine.command(`ALTER TABLE erasing_traces DROP PARTITION '${erasureId}'`);
}

export interface TraceId {
  projectId: string;
  traceId: string;
}

/** In order of their keys, from after `after`. */
export async function erasedIds(engine: Engine, traces: ErasedTraces, after: TraceId | undefined, limit: number): Promise<TraceId[]> {
  const params = new SqlParams();
  const next = after === undefined ? "1" : `(project_id, trace_id) > (${params.bind("String", after.projectId)}, ${params.bind("String", after.traceId)})`;
  const rows = await engine.query<{ project_id: string; trace_id: string }>(
    `SELECT DISTINCT toString(project_id) AS project_id, trace_id FROM (${erasedSql(traces, params)}) WHERE ${next} ORDER BY project_id, trace_id LIMIT ${limit}`,
    params.values,
    { lane: "heavy" },
  );
  return rows.map((row) => ({ projectId: row.project_id, traceId: row.trace_id }));
}

/** SHA-256 over the lines `project/trace`, in the order of the keys: which traces went, without naming them. */
export async function idsDigest(engine: Engine, traces: ErasedTraces): Promise<string> {
  const hash = createHash("sha256");
  const page = 5_000;
  let after: TraceId | undefined;
  for (;;) {
    const ids = await erasedIds(engine, traces, after, page);
    for (const { projectId, traceId } of ids) hash.update(`${projectId}/${traceId}\n`);
    if (ids.length < page) return hash.digest("hex");
    after = ids.at(-1);
  }
}

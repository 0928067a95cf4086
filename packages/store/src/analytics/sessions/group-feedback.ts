import type { ProjectScope } from "@telltale/model";
import type { Engine } from "../../engine/engine.ts";
import { scopeSql } from "../../filter-to-sql/project-scope.ts";
import { SqlParams } from "../../filter-to-sql/sql-params.ts";
import type { CurrentTraces } from "./current-traces.ts";
import { type GroupKind, groupKeys, idColumns } from "./group-columns.ts";
import { type GroupFeedback, noFeedback } from "./group-figures.ts";

const given = "valid AND kind = 'feedback' AND has_value";
/** Assessed traces, times names, of the groups of one page. */
const MAX_GIVEN = 100_000;
/** A person's yes or no, in the forms in which clients send it. */
const thumbSql = {
  up: `source_type = 'HUMAN' AND lower(value_text) IN ('true', 'yes', 'up', 'thumbs_up', 'thumbs up')`,
  down: `source_type = 'HUMAN' AND lower(value_text) IN ('false', 'no', 'down', 'thumbs_down', 'thumbs down')`,
};

/** Valid feedback, added up per `keys`. */
function feedbackSql(scope: ProjectScope, params: SqlParams, keys: string, sums: string, where: readonly string[] = []): string {
  return `SELECT ${keys}, ${sums} FROM assessments FINAL WHERE ${[scopeSql(scope, params), given, ...where].join(" AND ")} GROUP BY ${keys}`;
}

export interface GivenRow {
  project: string;
  trace: string;
  name: string;
  up: string;
  down: string;
  n: string;
  total: number | null;
}

/** Feedback of the traces, added up per trace and name; perhaps of a few traces too many. */
export function givenFeedback(engine: Engine, scope: ProjectScope, traces: CurrentTraces, signal: AbortSignal | undefined): Promise<GivenRow[]> {
  const params = new SqlParams();
  const sums = `countIf(${thumbSql.up}) AS up, countIf(${thumbSql.down}) AS down, countIf(isNotNull(value_number)) AS n, sum(value_number) AS total`;
  return engine.query<GivenRow>(
    `SELECT project_id AS project, trace_id AS trace, * EXCEPT (project_id, trace_id)
     FROM (${feedbackSql(scope, params, "project_id, trace_id, name", sums, [traces.keyedSql(params)])}) LIMIT ${MAX_GIVEN} SETTINGS use_skip_indexes_if_final = 0`,
    params.values,
    { signal },
  );
}

/** `project/trace` → the key of its group, of the traces that have feedback. */
export async function groupsOfTraces(
  engine: Engine,
  kind: GroupKind,
  traces: CurrentTraces,
  given: readonly GivenRow[],
  signal: AbortSignal | undefined,
): Promise<Map<string, string>> {
  const params = new SqlParams();
  const ids = params.bind("Array(String)", [...new Set(given.map(({ trace }) => trace))]);
  const rows = await engine.query<{ project: string; trace: string; id: string }>(
    `SELECT project_id AS project, trace_id AS trace, ${idColumns[kind]} AS id FROM ${traces.sql(params)} AND trace_id IN ${ids}`,
    params.values,
    { signal },
  );
  return new Map(rows.map(({ project, trace, id }) => [`${project}/${trace}`, groupKey({ id, ...(kind === "session" ? { project } : {}) })]));
}

/** Thumbs and mean scores by the key of the group. */
export function feedbackByGroup(given: readonly GivenRow[], groupOf: ReadonlyMap<string, string>): (key: string) => GroupFeedback {
  const byGroup = new Map<string, { thumbsUp: number; thumbsDown: number; scores: Map<string, { total: number; count: number }> }>();
  for (const row of given) {
    const key = groupOf.get(`${row.project}/${row.trace}`);
    if (key === undefined) continue;
    const sums = byGroup.get(key) ?? { thumbsUp: 0, thumbsDown: 0, scores: new Map<string, { total: number; count: number }>() };
    byGroup.set(key, sums);
    sums.thumbsUp += Number(row.up);
    sums.thumbsDown += Number(row.down);
    if (Number(row.n) === 0) continue;
    const score = sums.scores.get(row.name) ?? { total: 0, count: 0 };
    sums.scores.set(row.name, { total: score.total + Number(row.total), count: score.count + Number(row.n) });
  }
  return (key) => {
    const sums = byGroup.get(key);
    if (sums === undefined) return noFeedback;
    const scores = Array.from(sums.scores, ([name, { total, count }]) => ({ name, mean: total / count, count }));
    return { ...sums, scores: scores.toSorted((a, b) => (a.name < b.name ? -1 : 1)) };
  };
}

/** Of a session with its project, of a person without. */
export function groupKey({ id, project = "" }: { id: string; project?: string }): string {
  return `${project}/${id}`;
}

/** Every group of the window with its thumbs, under the columns that `groupKeys` names, to sort by. */
export function thumbsPerGroupSql(kind: GroupKind, scope: ProjectScope, which: "up" | "down", where: string, params: SqlParams): string {
  const keys = groupKeys(kind).join(", ");
  const thumbs = feedbackSql(scope, params, "project_id, trace_id", "count() AS thumbs", [thumbSql[which]]);
  const given = `SELECT project_id, trace_id FROM (${thumbs})`;
  return `SELECT ${keys}, toFloat64(sum(thumbs)) AS sort_value FROM (
      SELECT ${keys}, toUInt64(0) AS thumbs FROM traces FINAL WHERE ${where}
      UNION ALL
      SELECT ${keys}, thumbs FROM (SELECT project_id, trace_id, session_id, user_id FROM traces FINAL WHERE ${where} AND (project_id, trace_id) IN (${given})) AS grouped
      INNER JOIN (${thumbs}) AS given USING (project_id, trace_id)
    ) GROUP BY ${keys}`;
}

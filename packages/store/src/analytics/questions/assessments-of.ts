import type { Assessment, ProjectScope } from "@telltale/model";
import type { Engine } from "../../engine/engine.ts";
import { scopeSql } from "../../filter-to-sql/project-scope.ts";
import { SqlParams } from "../../filter-to-sql/sql-params.ts";
import { assessmentOf, type AssessmentRow, assessmentSelect } from "./assessment-rows.ts";

const MAX_ROWS = 100_000;

/** All assessments of these traces (also the ones that are no longer valid), oldest first. */
export async function assessmentsOf(engine: Engine, scope: ProjectScope, traceIds: readonly string[], signal?: AbortSignal): Promise<Assessment[]> {
  if (traceIds.length === 0) return [];
  const params = new SqlParams();
  const rows = await engine.query<AssessmentRow>(
    `SELECT ${assessmentSelect} FROM assessments FINAL WHERE ${scopeSql(scope, params)} AND trace_id IN ${params.bind("Array(String)", [...new Set(traceIds)])}
     ORDER BY created, assessment_id LIMIT ${MAX_ROWS}`,
    params.values,
    { signal },
  );
  return rows.map(assessmentOf);
}

export async function findAssessment(engine: Engine, scope: ProjectScope, traceId: string, assessmentId: string): Promise<Assessment | undefined> {
  const params = new SqlParams();
  const rows = await engine.query<AssessmentRow>(
    `SELECT ${assessmentSelect} FROM assessments FINAL
     WHERE ${scopeSql(scope, params)} AND trace_id = ${params.bind("String", traceId)} AND assessment_id = ${params.bind("String", assessmentId)} LIMIT 1`,
    params.values,
  );
  return rows[0] ? assessmentOf(rows[0]) : undefined;
}

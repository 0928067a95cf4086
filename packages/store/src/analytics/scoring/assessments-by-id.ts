import type { Assessment, ProjectScope } from "@telltale/model";
import type { Engine } from "../../engine/engine.ts";
import { scopeSql } from "../../filter-to-sql/project-scope.ts";
import { SqlParams } from "../../filter-to-sql/sql-params.ts";
import { assessmentOf, type AssessmentRow, assessmentSelect } from "../questions/assessment-rows.ts";

/** Assessments by their own ids, wherever they lie. Reads the bloom index on the id, then a granule per hit. */
export async function assessmentsById(engine: Engine, scope: ProjectScope, ids: readonly string[]): Promise<Assessment[]> {
  const params = new SqlParams();
  const rows = await engine.query<AssessmentRow>(
    `SELECT ${assessmentSelect} FROM assessments FINAL WHERE ${scopeSql(scope, params)} AND assessment_id IN ${params.bind("Array(String)", [...ids])} LIMIT 1000`,
    params.values,
    { lane: "heavy" },
  );
  return rows.map(assessmentOf);
}

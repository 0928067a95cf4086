import type { Assessment, ProjectScope } from "@telltale/model";
import type { Engine } from "../../engine/engine.ts";
import { scopeSql } from "../../filter-to-sql/project-scope.ts";
import { SqlParams } from "../../filter-to-sql/sql-params.ts";
import { assessmentOf, type AssessmentRow, assessmentSelect } from "../questions/assessment-rows.ts";

const IDS_OF_QUERY = 1_000;

/** Assessments by their own ids, wherever they lie. Reads the bloom index on the id, then a granule per hit. */
export async function assessmentsById(engine: Engine, scope: ProjectScope, ids: readonly string[]): Promise<Assessment[]> {
  const found: Assessment[] = [];
  for (let from = 0; from < ids.length; from += IDS_OF_QUERY) {
    const params = new SqlParams();
    const some = params.bind("Array(String)", ids.slice(from, from + IDS_OF_QUERY));
    const rows = await engine.query<AssessmentRow>(
      `SELECT ${assessmentSelect} FROM assessments FINAL WHERE ${scopeSql(scope, params)} AND assessment_id IN ${some}`,
      params.values,
      { lane: "heavy" },
    );
    found.push(...rows.map(assessmentOf));
  }
  return found;
}

import type { SqlParams } from "../../../filter-to-sql/sql-params.ts";
import { SPAN_STATUS, SPAN_TYPE } from "./group-columns.ts";
import type { RowClause } from "./metric-rows.ts";

const columns: Readonly<Record<RowClause["field"], string>> = {
  span_name: "name",
  span_type: SPAN_TYPE,
  span_status: SPAN_STATUS,
  assessment_name: "name",
  assessment_kind: "kind",
};

export function clausesSql(clauses: readonly RowClause[], params: SqlParams): string[] {
  return clauses.map(({ field, value }) => `${columns[field]} = ${params.bind("String", value)}`);
}

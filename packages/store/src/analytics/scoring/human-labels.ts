import type { ProjectScope } from "@telltale/model";
import type { Engine } from "../../engine/engine.ts";
import { scopeSql } from "../../filter-to-sql/project-scope.ts";
import { SqlParams } from "../../filter-to-sql/sql-params.ts";

/** What a person said of a whole trace under a name; the newest word counts. */
export interface HumanLabel {
  traceId: string;
  value: string;
  /** `""` = no reason was given. */
  why: string;
  /** Somebody picked the trace out: it is no sample of anything. */
  isChosen: boolean;
}

/** The labels of one name, newest first. */
export async function humanLabels(
  engine: Engine,
  { scope, name, limit }: { scope: ProjectScope; name: string; limit: number },
  signal?: AbortSignal,
): Promise<HumanLabel[]> {
  const params = new SqlParams();
  const rows = await engine.query<{ trace_id: string; value: string; why: string; chosen: number }>(
    `SELECT trace_id, argMax(value_text, updated) AS value, argMax(rationale, updated) AS why, argMax(mapContains(metadata, 'telltale.review.chosen'), updated) AS chosen
     FROM assessments FINAL
     WHERE ${scopeSql(scope, params)} AND name = ${params.bind("String", name)} AND kind = 'feedback' AND valid AND source_type = 'HUMAN' AND has_value AND span_id = ''
     GROUP BY trace_id ORDER BY max(updated) DESC, trace_id LIMIT ${params.bind("UInt32", limit)}`,
    params.values,
    { signal, lane: "heavy", maxSeconds: 20 },
  );
  return rows.map((row) => ({ traceId: row.trace_id, value: row.value, why: row.why, isChosen: Number(row.chosen) === 1 }));
}

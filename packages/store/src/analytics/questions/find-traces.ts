import type { ProjectScope, Trace } from "@telltale/model";
import type { Engine } from "../../engine/engine.ts";
import { scopeSql } from "../../filter-to-sql/project-scope.ts";
import { SqlParams } from "../../filter-to-sql/sql-params.ts";
import { traceOf, type TraceRow, traceSelect } from "./trace-rows.ts";

const MAX_IDS = 1000; // per statement

/** Traces by id, in the order of the ids; unknown ones are left out. Reads the bloom index, then a granule per hit. */
export async function findTraces(engine: Engine, scope: ProjectScope, traceIds: readonly string[], signal?: AbortSignal): Promise<Trace[]> {
  const wanted = [...new Set(traceIds)];
  const found = new Map<string, Trace[]>();
  for (let from = 0; from < wanted.length; from += MAX_IDS) {
    const params = new SqlParams();
    const scoped = scopeSql(scope, params);
    const ids = params.bind("Array(String)", wanted.slice(from, from + MAX_IDS));
    const rows = await engine.query<TraceRow>(
      `SELECT ${traceSelect} FROM traces FINAL WHERE ${scoped} AND trace_id IN ${ids} ORDER BY version DESC LIMIT 1 BY project_id, trace_id`,
      params.values,
      { signal },
    );
    for (const row of rows) found.set(row.trace_id, [...(found.get(row.trace_id) ?? []), traceOf(row)]);
  }
  return wanted.flatMap((id) => found.get(id) ?? []);
}

import type { ProjectScope, Trace } from "@telltale/model";
import type { Engine } from "../../engine/engine.ts";
import { scopeSql } from "../../filter-to-sql/project-scope.ts";
import { SqlParams } from "../../filter-to-sql/sql-params.ts";
import type { TracePlaces } from "./trace-places.ts";
import { type StoredTraceRow, traceOf, traceRowSelect } from "./trace-rows.ts";

const MAX_IDS = 1000; // per statement

interface FoundRow extends StoredTraceRow {
  project_id: string;
  trace_id: string;
  spans_at: number;
}

/** Traces by id, in the order of the ids; unknown ones are left out. Reads the bloom index, then a granule per hit. */
export async function findTraces(
  engine: Engine,
  scope: ProjectScope,
  traceIds: readonly string[],
  signal?: AbortSignal,
  places?: TracePlaces,
): Promise<Trace[]> {
  const wanted = [...new Set(traceIds)];
  const found = new Map<string, Trace[]>();
  for (let from = 0; from < wanted.length; from += MAX_IDS) {
    const params = new SqlParams();
    const scoped = scopeSql(scope, params);
    const ids = params.bind("Array(String)", wanted.slice(from, from + MAX_IDS));
    const rows = await engine.query<FoundRow>(
      `SELECT project_id, trace_id, toUInt32(spans_bucket) AS spans_at, ${traceRowSelect} FROM trace_rows FINAL
       WHERE ${scoped} AND trace_id IN ${ids} ORDER BY version DESC LIMIT 1 BY project_id, trace_id SETTINGS max_threads = 1`,
      params.values,
      { signal },
    );
    for (const row of rows) {
      places?.remember(row.project_id, row.trace_id, Number(row.spans_at));
      found.set(row.trace_id, [...(found.get(row.trace_id) ?? []), traceOf(row)]);
    }
  }
  return wanted.flatMap((id) => found.get(id) ?? []);
}

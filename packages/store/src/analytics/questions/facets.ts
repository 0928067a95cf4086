import type { Engine } from "../../engine/engine.ts";
import type { Facet, TraceQuery } from "../../store.ts";
import { SCAN_SETTINGS, readNewestFirst } from "./count-traces.ts";
import type { TraceHistogram } from "./trace-histogram.ts";

/** Field of the filter language → the values of a trace row for it. The order is the order of the answer. */
const scalars = { status: "status", environment: "environment", version: "app_version", user: "user_id" };
const lists = {
  service: "services",
  model: "models",
  provider: "providers",
  tool: "tools",
  failed_tool: "failed_tools",
  agent: "agents",
  label: "labels",
};
const fields = ["status", "environment", "version", "service", "model", "provider", "tool", "failed_tool", "agent", "label", "user"] as const;

const TOP = 20;
/** Kept per window and field before windows are added up, so that a value spread over windows is not lost. */
const TOP_OF_WINDOW = 500;

const values = [
  `[${Object.entries(scalars)
    .map(([field, column]) => `('${field}', toString(${column}))`)
    .join(", ")}]`,
  ...Object.entries(lists).map(([field, column]) => `arrayMap(item -> ('${field}', toString(item)), arrayDistinct(${column}))`),
].join(", ");

/** The most frequent values of the fields one filters by, with the number of matching traces that have them. */
export async function facets(
  engine: Engine,
  histogram: TraceHistogram,
  query: TraceQuery,
  signal?: AbortSignal,
): Promise<{ facets: Facet[]; partial: boolean }> {
  const totals = new Map<string, Map<string, number>>(fields.map((field) => [field, new Map()]));
  const partial = await readNewestFirst(engine, histogram, query, signal, async (where, params, options) => {
    const rows = await engine.query<{ field: string; item: string; n: string }>(
      `SELECT pair.1 AS field, pair.2 AS item, count() AS n FROM (SELECT arrayJoin(arrayConcat(${values})) AS pair FROM traces FINAL WHERE ${where})
       WHERE item != '' GROUP BY field, item ORDER BY n DESC LIMIT ${TOP_OF_WINDOW} BY field ${SCAN_SETTINGS}`,
      params.values,
      options,
    );
    for (const { field, item, n } of rows) {
      const counts = totals.get(field);
      counts?.set(item, (counts.get(item) ?? 0) + Number(n));
    }
  });
  return { facets: [...totals].map(([field, counts]) => ({ field, values: top(counts) })), partial };
}

function top(counts: ReadonlyMap<string, number>): Facet["values"] {
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .toSorted((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
    .slice(0, TOP);
}

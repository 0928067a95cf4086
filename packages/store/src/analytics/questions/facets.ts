import type { Engine } from "../../engine/engine.ts";
import type { Facet, TraceQuery } from "../../store.ts";
import { countDeadline, SCAN_SETTINGS, readNewestFirst } from "./count-traces.ts";
import { withoutField } from "./own-clauses.ts";
import type { TraceHistogram } from "./trace-histogram.ts";

/** Field of the filter language → the values of a trace row for it. */
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
/** In the order of the answer. */
const fields = ["status", "environment", "version", "service", "model", "provider", "tool", "failed_tool", "agent", "label", "user"] as const;
type FacetField = (typeof fields)[number];

const TOP = 20;
/** Kept per window and field before windows are added up, so that a value spread over windows is not lost. */
const TOP_OF_WINDOW = 500;

/**
 * The most frequent values of the fields one filters by, with the number of matching traces that have them. A field that
 * is filtered is counted without its own clauses: its other values are what one could choose instead.
 */
export async function facets(
  engine: Engine,
  histogram: TraceHistogram,
  query: TraceQuery,
  signal?: AbortSignal,
): Promise<{ facets: Facet[]; partial: boolean }> {
  const totals = new Map<string, Map<string, number>>(fields.map((field) => [field, new Map()]));
  const deadlineMs = countDeadline(histogram);
  let partial = false;
  for (const scan of scansOf(query)) {
    partial =
      (await readNewestFirst(engine, histogram, scan.query, { signal, deadlineMs }, async (where, params, options) => {
        const rows = await engine.query<{ field: string; item: string; n: string }>(
          `SELECT pair.1 AS field, pair.2 AS item, count() AS n FROM (SELECT arrayJoin(${pairsSql(scan.fields)}) AS pair FROM traces FINAL WHERE ${where})
           WHERE item != '' GROUP BY field, item ORDER BY n DESC LIMIT ${TOP_OF_WINDOW} BY field ${SCAN_SETTINGS}`,
          params.values,
          options,
        );
        for (const { field, item, n } of rows) {
          const counts = totals.get(field);
          counts?.set(item, (counts.get(item) ?? 0) + Number(n));
        }
      })) || partial;
  }
  return { facets: [...totals].map(([field, counts]) => ({ field, values: top(counts) })), partial };
}

/** One scan for all fields that the filter leaves alone, one for each of the others. */
function scansOf(query: TraceQuery): { fields: readonly FacetField[]; query: TraceQuery }[] {
  const apart = fields.flatMap((field) => {
    const filter = withoutField(query.filter, field);
    return filter === query.filter ? [] : [{ fields: [field], query: { ...query, filter } }];
  });
  const filtered = new Set(apart.flatMap((scan) => scan.fields));
  return [{ fields: fields.filter((field) => !filtered.has(field)), query }, ...apart];
}

function pairsSql(wanted: readonly FacetField[]): string {
  const pairs = wanted.map((field) =>
    field in scalars
      ? `[('${field}', toString(${scalars[field as keyof typeof scalars]}))]`
      : `arrayMap(item -> ('${field}', toString(item)), arrayDistinct(${lists[field as keyof typeof lists]}))`,
  );
  return `arrayConcat(${pairs.join(", ")})`;
}

function top(counts: ReadonlyMap<string, number>): Facet["values"] {
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .toSorted((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
    .slice(0, TOP);
}

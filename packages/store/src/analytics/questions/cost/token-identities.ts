import { type UsageFlaw, usageFlaws } from "@telltale/model";
import type { Engine } from "../../../engine/engine.ts";
import type { TraceHistogram } from "../trace-histogram.ts";
import { type CostWindow, FINAL_SETTINGS, type ReadFrom, WindowReading, readWindow } from "./cost-window.ts";

export type Identity = UsageFlaw | "usage_on_wrappers_only" | "cost_not_as_reported";

/** How often an instrumentation breaks an identity with a model. */
export interface BrokenIdentity {
  identity: Identity;
  scopeName: string;
  scopeVersion: string;
  dialect: string;
  model: string;
  /** Reports that break it, of so many that could. */
  broken: number;
  checked: number;
  projectId: string;
  traceId: string;
  spanId: string;
}

const MAX_SDKS = 200;
const CALL = "kind IN ('LLM', 'EMBEDDING')";
const HAS_TOKENS = "(isNotNull(input_tokens) OR isNotNull(output_tokens))";
/** One per cent of the larger one: less is rounding. */
const COST_DIFFERS =
  "isNotNull(cost_reported_usd) AND cost_source = 'computed' AND abs(toFloat64(cost_usd) - toFloat64(cost_reported_usd)) > 0.01 * greatest(toFloat64(cost_usd), toFloat64(cost_reported_usd))";
const EXAMPLE = "(toString(project_id), trace_id, span_id)";

interface CheckRow {
  scope_name: string;
  scope_version: string;
  dialect: string;
  model: string;
  reports: string;
  priced: string;
  counts: string[];
  examples: [string, string, string][];
}

/** What does not add up, by who reported it: instrumentation and version, convention, model. Reports that count twice are reports. */
export async function tokenIdentities(
  engine: Engine,
  histogram: TraceHistogram,
  window: CostWindow,
  signal?: AbortSignal,
): Promise<{ broken: BrokenIdentity[]; reports: number } & ReadFrom> {
  const checks: { identity: Identity; sql: string }[] = [
    ...usageFlaws.map((identity, bit) => ({ identity, sql: `bitTest(usage_flaws, ${bit})` })),
    { identity: "cost_not_as_reported", sql: COST_DIFFERS },
  ];
  const { answer, ...read } = await readWindow(
    engine,
    histogram,
    window,
    async (reading) => {
      const rows = await engine.query<CheckRow>(
        `SELECT scope_name, scope_version, dialect, model, count() AS reports, countIf(isNotNull(cost_reported_usd) AND cost_source = 'computed') AS priced,
           [${checks.map(({ sql }) => `countIf(${sql})`).join(", ")}] AS counts, [${checks.map(({ sql }) => `maxIf(${EXAMPLE}, ${sql})`).join(", ")}] AS examples
         FROM spans FINAL WHERE ${reading.spans()} AND ${CALL} AND ${HAS_TOKENS} AND NOT usage_is_aggregate
         GROUP BY scope_name, scope_version, dialect, model ORDER BY arraySum(counts) DESC, reports DESC LIMIT ${MAX_SDKS} ${FINAL_SETTINGS}`,
        reading.params.values,
        reading.options,
      );
      return { rows, wrappers: await usageOnWrappersOnly(engine, reading) };
    },
    signal,
  );
  const broken = answer.rows.flatMap((row) =>
    checks.flatMap(({ identity }, index): BrokenIdentity[] => {
      const count = Number(row.counts[index] ?? 0);
      const [projectId, traceId, spanId] = row.examples[index] ?? ["", "", ""];
      if (count === 0) return [];
      const checked = identity === "cost_not_as_reported" ? Number(row.priced) : Number(row.reports);
      return [{ identity, ...whoOf(row), broken: count, checked, projectId, traceId, spanId }];
    }),
  );
  return { broken: [...broken, ...answer.wrappers], reports: answer.rows.reduce((sum, row) => sum + Number(row.reports), 0), ...read };
}

interface WrapperRow {
  scope_name: string;
  scope_version: string;
  dialect: string;
  model: string;
  traces: string;
  all: string;
  example: [string, string, string];
}

/** Traces whose tokens only an agent or a wrapper reports: they are shown there and count in no sum. */
async function usageOnWrappersOnly(engine: Engine, { wanted, window, options }: WindowReading): Promise<BrokenIdentity[]> {
  const own = new WindowReading(wanted, window, options);
  const rows = await engine.query<WrapperRow>(
    `SELECT who.1 AS scope_name, who.2 AS scope_version, who.3 AS dialect, who.4 AS model, countIf(calls = 0) AS traces, count() AS all, maxIf(example, calls = 0) AS example
     FROM (
       SELECT project_id, trace_id, countIf(NOT usage_is_aggregate) AS calls, argMaxIf((scope_name, scope_version, dialect, model), span_id, usage_is_aggregate) AS who,
         maxIf(${EXAMPLE}, usage_is_aggregate) AS example
       FROM spans FINAL WHERE ${own.spans()} AND ${HAS_TOKENS} GROUP BY project_id, trace_id HAVING countIf(usage_is_aggregate) > 0
     ) GROUP BY scope_name, scope_version, dialect, model HAVING traces > 0 ORDER BY traces DESC LIMIT ${MAX_SDKS} ${FINAL_SETTINGS}`,
    own.params.values,
    own.options,
  );
  return rows.map((row) => {
    const [projectId, traceId, spanId] = row.example;
    return { identity: "usage_on_wrappers_only", ...whoOf(row), broken: Number(row.traces), checked: Number(row.all), projectId, traceId, spanId };
  });
}

function whoOf(row: {
  scope_name: string;
  scope_version: string;
  dialect: string;
  model: string;
}): Pick<BrokenIdentity, "scopeName" | "scopeVersion" | "dialect" | "model"> {
  return { scopeName: row.scope_name, scopeVersion: row.scope_version, dialect: row.dialect, model: row.model };
}

import type { ProjectScope } from "@telltale/model";
import type { Filter } from "@telltale/model/filter";
import type { Engine } from "../../engine/engine.ts";
import { SqlParams } from "../../filter-to-sql/sql-params.ts";
import { FIGURE_SETTINGS } from "./figure-settings.ts";
import { UNKNOWN } from "../unknown-group.ts";
import { tracesOfWindow } from "./metrics/traces-of-window.ts";
import { wantedBy } from "./trace-conditions.ts";

/** Fields whose values are compared, each with where a trace's row has it: those with few values; users are many. */
const scalars = { route: "name", version: "app_version", environment: "environment" };
const lists = { model: "models", tool: "tools", prompt: "prompts" };
const combination = [...Object.values(scalars), ...Object.values(lists)].join(", ");
export const moverFields = ["route", "version", "environment", "user", "model", "tool", "prompt"] as const;
export type MoverField = (typeof moverFields)[number];

export interface ShiftsQuestion {
  scope: ProjectScope;
  filter?: Filter | undefined;
  /** The period before is as long and ends here. */
  fromNs: bigint;
  /** Exclusive. */
  toNs: bigint;
}

/** What the traces of one value did in a period. */
export interface PeriodFigures {
  traces: number;
  failed: number;
  /** Of the duration; `undefined`: no trace. Those beside p95 say how sure it is. */
  p90Ms: number | undefined;
  p95Ms: number | undefined;
  p98Ms: number | undefined;
  /** Of the traces whose cost is known. */
  costUsd: number;
  priced: number;
}

/** One value in both periods. */
export interface Shift {
  now: PeriodFigures;
  before: PeriodFigures;
}

export interface Shifts {
  all: Shift;
  values: (Shift & { field: MoverField; value: string })[];
}

type Figure = `${"traces" | "failed" | "cost" | "priced"}_${"now" | "before"}`;
type Row = { field: string; value: string } & Record<Figure, string | number> & Record<`times_${"now" | "before"}`, (number | null)[]>;

/** Values with fewer traces in both periods together say little, and there may be millions of them. */
const MIN_TRACES = 20;
const MAX_VALUES_PER_FIELD = 200;

/**
 * The traces of a window and of the equally long one before it, by each value of each field: in one query over the rows of both.
 * A trace counts under each of its models, tools and prompts, with all it cost.
 */
export async function shifts(engine: Engine, question: ShiftsQuestion, signal?: AbortSignal): Promise<Shifts> {
  const { scope, filter, fromNs, toNs } = question;
  const previousNs = fromNs - (toNs - fromNs);
  const bounds = { fromNs: previousNs > 0n ? previousNs : 0n, toNs };
  const wanted = await wantedBy({ scope, filter, ...bounds, limit: 1 }, engine, signal);
  const params = new SqlParams();
  const options = { signal, lane: "figures" } as const;
  const columns = ["start_time", "status", "cost_usd", "duration_ms", "user_id", ...Object.values(scalars), ...Object.values(lists)];
  const traces = await tracesOfWindow(engine, wanted, columns, params, options);
  const from = `fromUnixTimestamp64Nano(${params.bind("Int64", fromNs)}, 'UTC')`;
  const rows = await engine.query<Row>(
    `WITH ${from} AS began
     SELECT item.1 AS field, item.2 AS value, ${added("now")}, ${added("before")}
     FROM (SELECT *, arrayJoin(arrayConcat(${items})) AS item
       FROM (SELECT start_time >= began AS is_now, ${combination}, ${states} FROM ${traces} GROUP BY is_now, ${combination}))
     GROUP BY field, value ${SAY_MOST}
     UNION ALL
     SELECT 'user' AS field, if(user_id = '', '${UNKNOWN}', user_id) AS value, ${counted("now")}, ${counted("before")}
     FROM (SELECT *, start_time >= began AS is_now FROM ${traces})
     GROUP BY field, value ${SAY_MOST}
     ${FIGURE_SETTINGS}`,
    params.values,
    options,
  );
  const all = rows.find(({ field }) => field === "");
  return {
    all: shiftOf(all),
    values: rows.flatMap((row) => {
      const field = moverFields.find((name) => name === row.field);
      return field === undefined ? [] : [{ field, value: row.value, ...shiftOf(row) }];
    }),
  };
}

const SAY_MOST = `HAVING field = '' OR traces_now + traces_before >= ${MIN_TRACES} ORDER BY traces_now + traces_before DESC, value LIMIT ${MAX_VALUES_PER_FIELD} BY field`;

/**
 * Figures of some traces, such that they can be added to those of others: hardly any combination of route, version, models, tools and
 * prompts is unique, so they are added up before each trace counts under each of its values.
 */
const states =
  "count() AS traces, countIf(status = 'error') AS failed, quantilesExactInclusiveState(0.9, 0.95, 0.98)(duration_ms) AS times, sum(ifNull(cost_usd, 0)) AS cost, count(cost_usd) AS priced";

const periods = { now: "is_now", before: "NOT is_now" };
type Period = keyof typeof periods;

/** Figures of a period from `states`. */
function added(period: Period): string {
  const is = periods[period];
  return [
    `sumIf(traces, ${is}) AS traces_${period}`,
    `sumIf(failed, ${is}) AS failed_${period}`,
    `quantilesExactInclusiveMergeIf(0.9, 0.95, 0.98)(times, ${is}) AS times_${period}`,
    `toFloat64(sumIf(cost, ${is})) AS cost_${period}`,
    `sumIf(priced, ${is}) AS priced_${period}`,
  ].join(", ");
}

/** The same from traces, where values are many and each trace has one. */
function counted(period: Period): string {
  const is = periods[period];
  return [
    `countIf(${is}) AS traces_${period}`,
    `countIf(${is} AND status = 'error') AS failed_${period}`,
    `quantilesExactInclusiveIf(0.9, 0.95, 0.98)(duration_ms, ${is}) AS times_${period}`,
    `toFloat64(sumIf(ifNull(cost_usd, 0), ${is})) AS cost_${period}`,
    `countIf(cost_usd, ${is}) AS priced_${period}`,
  ].join(", ");
}

/** Field and value pairs of a trace; the pair without a field stands for all traces. */
const items = [
  `[('', ''), ${Object.entries(scalars)
    .map(([field, column]) => `('${field}', if(${column} = '', '${UNKNOWN}', toString(${column})))`)
    .join(", ")}]`,
  ...Object.entries(lists).map(([field, column]) => `arrayMap(item -> ('${field}', toString(item)), arrayDistinct(${column}))`),
].join(", ");

function shiftOf(row: Row | undefined): Shift {
  const of = (period: "now" | "before"): PeriodFigures => {
    const traces = Number(row?.[`traces_${period}`] ?? 0);
    const times = (traces === 0 ? undefined : row?.[`times_${period}`]) ?? [];
    return {
      traces,
      failed: Number(row?.[`failed_${period}`] ?? 0),
      p90Ms: times[0] ?? undefined,
      p95Ms: times[1] ?? undefined,
      p98Ms: times[2] ?? undefined,
      costUsd: Number(row?.[`cost_${period}`] ?? 0),
      priced: Number(row?.[`priced_${period}`] ?? 0),
    };
  };
  return { now: of("now"), before: of("before") };
}

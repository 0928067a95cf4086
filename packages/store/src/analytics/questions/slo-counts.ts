import { indicatorClauses, type ProjectScope, type SloIndicator } from "@telltale/model";
import { type Filter, parseFilter } from "@telltale/model/filter";
import type { Engine } from "../../engine/engine.ts";
import { filterToSql } from "../../filter-to-sql/filter-to-sql.ts";
import { SqlParams } from "../../filter-to-sql/sql-params.ts";
import { SCAN_SETTINGS } from "./count-traces.ts";
import { wantedBy, windowConditions } from "./trace-conditions.ts";
import { windowOf } from "./time-window.ts";

/** Good and bad traces of an objective, counted from `fromNs` to `toNs`. */
export interface SloQuestion {
  scope: ProjectScope;
  filter: Filter | undefined;
  indicator: SloIndicator;
  fromNs: bigint;
  toNs: bigint;
}

export interface GoodBad {
  good: number;
  bad: number;
  /** Traces without the signal. */
  excluded: number;
}

export interface SloAnswer {
  /** Hours with traffic, oldest first; `hour` = its start in Unix seconds. */
  hours: (GoodBad & { hour: number })[];
  /** The newest part, by its length in seconds, as asked. */
  recent: Map<number, GoodBad>;
}

/** Longer than a page waits; a window of 30 days of a busy project stays far below. */
const MAX_SECONDS = 8;

/** Recent parts are counted in steps of this length, back from the end of the window; every length asked for is a multiple. */
export const RECENT_STEP_SECONDS = 300;

/**
 * One pass over the traces of the window, by hour and, near its end, by steps back from it. What is good and bad is written
 * as clauses of the filter language, so that a filter with the same clauses finds exactly what was counted here.
 */
export async function sloCounts(engine: Engine, question: SloQuestion, recentSeconds: readonly number[], signal?: AbortSignal): Promise<SloAnswer> {
  const { params, where, counted, bad } = await conditionsOf(engine, question, signal);
  const end = params.bind("Int64", question.toNs);
  const steps = Math.max(0, ...recentSeconds) / RECENT_STEP_SECONDS;
  // The end itself is not in the window, so a trace that starts a step before it is still in the first step.
  const back = `least(intDiv(${end} - toUnixTimestamp64Nano(start_time) - 1, ${RECENT_STEP_SECONDS}000000000), ${params.bind("Int64", steps)})`;
  const rows = await engine.query<{ hour: number; back: number; counted: number; bad: number; n: number }>(
    `SELECT toUInt32(toStartOfHour(start_time)) AS hour, toUInt32(${back}) AS back, toUInt32(countIf(${counted})) AS counted,
       toUInt32(countIf(${counted} AND ${bad})) AS bad, toUInt32(count()) AS n
     FROM traces FINAL WHERE ${where} GROUP BY hour, back ORDER BY hour LIMIT 20000 ${SCAN_SETTINGS}`,
    params.values,
    { signal, lane: "heavy", maxSeconds: MAX_SECONDS },
  );
  const hours = new Map<number, GoodBad>();
  for (const row of rows) hours.set(row.hour, sumOf([hours.get(row.hour) ?? none, countsOf(row)]));
  const newest = (seconds: number): GoodBad => sumOf(rows.filter((row) => row.back < seconds / RECENT_STEP_SECONDS).map(countsOf));
  return {
    hours: Array.from(hours, ([hour, counts]) => ({ hour, ...counts })),
    recent: new Map(recentSeconds.map((seconds) => [seconds, newest(seconds)])),
  };
}

const none: GoodBad = { good: 0, bad: 0, excluded: 0 };

function countsOf({ counted, bad, n }: { counted: number; bad: number; n: number }): GoodBad {
  return { good: counted - bad, bad, excluded: n - counted };
}

/** Quantiles of the signal over the window, in milliseconds, in the order of `levels`; `null` without a trace that has it. */
export async function sloQuantiles(engine: Engine, question: SloQuestion, levels: readonly number[], signal?: AbortSignal): Promise<(number | null)[]> {
  if (question.indicator.kind === "error_rate") return levels.map(() => null);
  const { params, where, counted } = await conditionsOf(engine, question, signal);
  const value = question.indicator.kind === "latency" ? "duration_ms" : "ttft_ms";
  const list = levels.map((level) => Number(level).toFixed(6)).join(", ");
  const [row] = await engine.query<{ values: number[]; n: string }>(
    `SELECT quantilesTDigestIf(${list})(assumeNotNull(${value}), ${counted}) AS values, countIf(${counted}) AS n FROM traces FINAL WHERE ${where} ${SCAN_SETTINGS}`,
    params.values,
    { signal, lane: "heavy", maxSeconds: MAX_SECONDS },
  );
  return levels.map((_, index) => (row === undefined || row.n === "0" ? null : (row.values[index] ?? null)));
}

async function conditionsOf(engine: Engine, question: SloQuestion, signal: AbortSignal | undefined) {
  const { scope, filter, indicator, fromNs, toNs } = question;
  const params = new SqlParams();
  const wanted = await wantedBy({ scope, filter, fromNs, toNs, limit: 0 }, engine, signal);
  const where = windowConditions(wanted, windowOf(wanted.read), "exact", params).join(" AND ");
  const clauses = indicatorClauses(indicator);
  const sqlOf = (text: string): string => {
    const clause = parseFilter(text);
    return clause === undefined ? "1" : `(${filterToSql(clause, { params, scope, mode: "exact" })})`;
  };
  return { params, where, counted: sqlOf(clauses.counted), bad: sqlOf(clauses.bad) };
}

function sumOf(counts: readonly GoodBad[]): GoodBad {
  return counts.reduce((sum, item) => ({ good: sum.good + item.good, bad: sum.bad + item.bad, excluded: sum.excluded + item.excluded }), none);
}

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

/**
 * One pass over the traces of the window. What is good and bad is written as clauses of the filter language, so that a
 * filter with the same clauses finds exactly what was counted here.
 */
export async function sloCounts(engine: Engine, question: SloQuestion, recentSeconds: readonly number[], signal?: AbortSignal): Promise<SloAnswer> {
  const { params, where, counted, bad } = await conditionsOf(engine, question, signal);
  const parts = recentSeconds.map((seconds) => {
    const since = `start_time >= fromUnixTimestamp64Nano(${params.bind("Int64", question.toNs - BigInt(seconds) * 1_000_000_000n)}, 'UTC')`;
    return [`good AND ${since}`, `bad AND ${since}`, `NOT counted AND ${since}`].map((condition) => `toUInt32(countIf(${condition}))`).join(", ");
  });
  const rows = await engine.query<{ hour: number; counts: number[] }>(
    `SELECT toUInt32(toStartOfHour(start_time)) AS hour, [toUInt32(countIf(good)), toUInt32(countIf(bad)), toUInt32(countIf(NOT counted))${parts.map((part) => `, ${part}`).join("")}] AS counts
     FROM (SELECT start_time, ${counted} AS counted, counted AND ${bad} AS bad, counted AND NOT bad AS good FROM traces FINAL WHERE ${where})
     GROUP BY hour ORDER BY hour LIMIT 10000 ${SCAN_SETTINGS}`,
    params.values,
    { signal, lane: "heavy", maxSeconds: MAX_SECONDS },
  );
  const read = ({ counts }: { counts: number[] }, at: number): GoodBad => ({ good: counts[at] ?? 0, bad: counts[at + 1] ?? 0, excluded: counts[at + 2] ?? 0 });
  return {
    hours: rows.map((row) => ({ hour: row.hour, ...read(row, 0) })),
    recent: new Map(recentSeconds.map((seconds, index) => [seconds, sumOf(rows.map((row) => read(row, 3 + index * 3)))])),
  };
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
  return counts.reduce((sum, item) => ({ good: sum.good + item.good, bad: sum.bad + item.bad, excluded: sum.excluded + item.excluded }), {
    good: 0,
    bad: 0,
    excluded: 0,
  });
}

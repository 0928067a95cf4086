import type { Engine } from "../../../engine/engine.ts";
import { COUNTED_CALL } from "../../counted-call.ts";
import { BIG_INPUT, SPLIT_TOKENS, tokenClasses } from "../../settled/settled-calls.ts";
import { FIGURE_SETTINGS } from "../figure-settings.ts";
import type { TraceHistogram } from "../trace-histogram.ts";
import { CURRENT_PLACE, type CostWindow, type Place, type ReadFrom, SETTLED_PLACE, type WindowReading, readWindow, tracesAt } from "./cost-window.ts";

/** Tokens of a group of calls by what they are billed as; the names are those of the pricing code. Every token is in one class. */
export type ClassSums = Record<(typeof tokenClasses)[number], bigint>;

/** Calls that have the same rates: same names, tier, day, and the same side of every threshold of the input. */
export interface CallGroup {
  provider: string;
  requestModel: string;
  responseModel: string;
  serviceTier: string;
  costSource: string;
  priceVersion: string;
  /** `YYYY-MM-DD`, UTC. */
  day: string;
  /** How many of the thresholds asked with the input is above. */
  above: number;
  calls: number;
  /** Sum in nano-dollars; undefined = of no call known. */
  costNano: bigint | undefined;
  inputTokens: bigint;
  outputTokens: bigint;
  classes: ClassSums;
  /** To the second. */
  firstNs: bigint;
  lastNs: bigint;
  /** The trace of the last of the calls. */
  projectId: string;
  traceId: string;
}

const MAX_GROUPS = 20_000;
const MAX_EXAMPLES = 500;
const NS_PER_S = 1_000_000_000n;

/**
 * The calls that count in a window, added up in groups of the same rates: what money by class, unpriced usage and the
 * models in use are made of. `thresholds` = amounts of input above which some price is another one, ascending.
 */
export async function callGroups(
  engine: Engine,
  histogram: TraceHistogram,
  window: CostWindow,
  thresholds: readonly number[],
  signal?: AbortSignal,
): Promise<{ groups: CallGroup[]; isCut: boolean } & ReadFrom> {
  const { answer, ...read } = await readWindow(
    engine,
    histogram,
    window,
    async (reading) => {
      // A sum of comparisons, which the engine does for many rows at once.
      const above = thresholds.map((threshold) => `(big_input > ${reading.params.bind("UInt32", threshold)})`).join(" + ") || "0";
      const rows = await engine.query<GroupRow>(
        `SELECT provider, request_model, response_model, service_tier, cost_source, price_version, day, toUInt8(${above}) AS above,
           sum(n) AS calls, toString(sum(cost)) AS cost_sum, sum(i) AS i_sum, sum(o) AS o_sum, ${tokenClasses.map((name) => `sum(${name}) AS ${name}_sum`).join(", ")},
           toUInt32(min(first)) AS first_s, toUInt32(max(last)) AS last_s, argMax(place, last) AS example
         FROM ${callRows(reading, reading.canReadSums && thresholds.every((threshold) => threshold >= BIG_INPUT))}
         GROUP BY provider, request_model, response_model, service_tier, cost_source, price_version, day, above
         ORDER BY calls DESC LIMIT ${MAX_GROUPS + 1} ${FIGURE_SETTINGS}`,
        reading.params.values,
        reading.options,
      );
      const shown = rows.slice(0, MAX_GROUPS);
      const named = await tracesAt(engine, newestExamples(shown), reading.options);
      return { groups: shown.map((row) => groupOf(row, named)), isCut: rows.length > MAX_GROUPS };
    },
    signal,
  );
  return { ...answer, ...read };
}

const rates = "provider, request_model, response_model, service_tier, cost_source, price_version";
const sums = `i, o, ${tokenClasses.join(", ")}`;

/** Calls of the window as rows that add up: one by one, or those of settled hours added up already. */
function callRows(reading: WindowReading, areAddedUp: boolean): string {
  const oneByOne = (at: string, place: string): string =>
    `WITH ${SPLIT_TOKENS} SELECT ${rates}, toDate(${at}) AS day, i AS big_input, toUInt64(1) AS n, CAST(cost_usd, 'Nullable(Decimal(38, 9))') AS cost, ${sums}, ${at} AS first, first AS last, ${place} AS place`;
  return reading.spans({
    ...(areAddedUp
      ? {
          settledTable: "settled_calls",
          settled: `SELECT ${rates}, day, big_input, calls AS n, cost, ${sums}, first, last, ${SETTLED_PLACE} AS place`,
        }
      : { settled: oneByOne("call_start", SETTLED_PLACE) }),
    settledWhere: "is_call",
    current: oneByOne("toDateTime(start_time, 'UTC')", CURRENT_PLACE),
    currentWhere: COUNTED_CALL,
  });
}

/** One example for each model is enough: that of its newest group. */
function newestExamples(rows: readonly GroupRow[]): Place[] {
  const newest = new Map<string, GroupRow>();
  for (const row of rows) {
    const key = JSON.stringify([row.provider, row.response_model || row.request_model]);
    if (row.last_s > (newest.get(key)?.last_s ?? -1)) newest.set(key, row);
  }
  return Array.from(newest.values(), (row) => row.example).slice(0, MAX_EXAMPLES);
}

type GroupRow = {
  provider: string;
  request_model: string;
  response_model: string;
  service_tier: string;
  cost_source: string;
  price_version: string;
  day: string;
  above: number;
  calls: string;
  /** Decimal text; NULL when none is known. */
  cost_sum: string | null;
  i_sum: string;
  o_sum: string;
  first_s: number;
  last_s: number;
  example: Place;
} & Record<`${(typeof tokenClasses)[number]}_sum`, string>;

function groupOf(row: GroupRow, named: (place: Place) => { projectId: string; traceId: string }): CallGroup {
  return {
    // Settled rows say so of what is not known.
    provider: row.provider === "unknown" ? "" : row.provider,
    requestModel: row.request_model,
    responseModel: row.response_model,
    serviceTier: row.service_tier,
    costSource: row.cost_source,
    priceVersion: row.price_version,
    day: row.day,
    above: Number(row.above),
    calls: Number(row.calls),
    costNano: row.cost_sum === null ? undefined : nanoOf(row.cost_sum),
    inputTokens: BigInt(row.i_sum),
    outputTokens: BigInt(row.o_sum),
    classes: Object.fromEntries(tokenClasses.map((name) => [name, BigInt(row[`${name}_sum`])])) as ClassSums, // one entry for each name
    firstNs: BigInt(row.first_s) * NS_PER_S,
    lastNs: BigInt(row.last_s) * NS_PER_S,
    ...named(row.example),
  };
}

/** Nano-dollars of a Decimal(…, 9) as text, whose trailing zeros may be missing. */
function nanoOf(text: string): bigint {
  const [whole = "0", digits = ""] = text.split(".");
  return BigInt(whole) * 1_000_000_000n + BigInt(digits.padEnd(9, "0"));
}

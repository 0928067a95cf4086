import type { Engine } from "../../../engine/engine.ts";
import { COUNTED_CALL } from "../../counted-call.ts";
import type { TraceHistogram } from "../trace-histogram.ts";
import { CURRENT_PLACE, type CostWindow, FINAL_SETTINGS, type Place, type ReadFrom, SETTLED_PLACE, readWindow, tracesAt } from "./cost-window.ts";

/** Tokens of a group of calls by what they are billed as; the names are those of the pricing code. Every token is in one class. */
export type ClassSums = Record<(typeof classNames)[number], bigint>;

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

const number = (column: string): string => `toInt64(ifNull(${column}, 0))`;
/** As `splitTokens` of the pricing code: what is part of something else is taken off it. In order; later ones use earlier ones. */
const split = [
  ["i", number("input_tokens")],
  ["o", number("output_tokens")],
  ["cacheRead", number("cache_read_tokens")],
  ["cacheWrite1h", number("cache_write_1h_tokens")],
  ["cacheWrite", `if(${number("cache_write_tokens")} >= cacheWrite1h, ${number("cache_write_tokens")} - cacheWrite1h, ${number("cache_write_tokens")})`],
  ["fresh", "greatest(i - cacheRead - cacheWrite - cacheWrite1h, 0)"],
  ["inputAudio", `least(${number("input_audio_tokens")}, fresh)`],
  ["inputImage", `least(${number("input_image_tokens")}, fresh - inputAudio)`],
  ["input", "fresh - inputAudio - inputImage"],
  ["reasoning", `least(${number("reasoning_tokens")}, o)`],
  ["outputAudio", `least(${number("output_audio_tokens")}, o - reasoning)`],
  ["output", "o - reasoning - outputAudio"],
] as const;
const classNames = ["input", "cacheRead", "cacheWrite", "cacheWrite1h", "inputAudio", "inputImage", "output", "reasoning", "outputAudio"] as const;

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
      const above = thresholds.map((threshold) => `(i > ${reading.params.bind("UInt32", threshold)})`).join(" + ") || "0";
      const rows = await engine.query<GroupRow>(
        `WITH ${split.map(([name, sql]) => `${sql} AS ${name}`).join(", ")}
         SELECT provider, request_model, response_model, service_tier, cost_source, price_version, toDate(at) AS day, toUInt8(${above}) AS above,
           count() AS calls, toString(sum(cost_usd)) AS cost, sum(i) AS i_sum, sum(o) AS o_sum, ${classNames.map((name) => `sum(${name}) AS ${name}_sum`).join(", ")},
           toUInt32(min(at)) AS first_s, toUInt32(max(at)) AS last_s, argMax(place, at) AS example
         FROM ${reading.spans(callRows)}
         GROUP BY provider, request_model, response_model, service_tier, cost_source, price_version, day, above
         ORDER BY calls DESC LIMIT ${MAX_GROUPS + 1} ${FINAL_SETTINGS}`,
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

const same =
  "request_model, response_model, service_tier, cost_source, price_version, cost_usd, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, cache_write_1h_tokens, reasoning_tokens, input_audio_tokens, output_audio_tokens, input_image_tokens";
const callRows = {
  settled: `provider, ${same}, call_start AS at, ${SETTLED_PLACE} AS place`,
  settledWhere: "is_call",
  current: `provider, ${same}, toDateTime(start_time, 'UTC') AS at, ${CURRENT_PLACE} AS place`,
  currentWhere: COUNTED_CALL,
};

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
  cost: string | null;
  i_sum: string;
  o_sum: string;
  first_s: number;
  last_s: number;
  example: Place;
} & Record<`${(typeof classNames)[number]}_sum`, string>;

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
    costNano: row.cost === null ? undefined : nanoOf(row.cost),
    inputTokens: BigInt(row.i_sum),
    outputTokens: BigInt(row.o_sum),
    classes: Object.fromEntries(classNames.map((name) => [name, BigInt(row[`${name}_sum`])])) as ClassSums, // one entry for each name
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

import type { ProjectScope, SloObjective } from "@telltale/model";
import { parseFilter } from "@telltale/model/filter";
import type { SloAnswer, SloQuestion } from "@telltale/store";
import { noCounts } from "./budget.ts";
import { type BurnWindow, burnWindows } from "./burn-rate.ts";
import { sloStatus, type SloStatus } from "./slo-status.ts";

/** The store's questions about objectives. */
export interface SloCounter {
  counts(question: SloQuestion, recentSeconds: readonly number[], signal?: AbortSignal): Promise<SloAnswer>;
  /** Quantiles of the signal, in the order of `levels`. */
  quantiles(question: SloQuestion, levels: readonly number[], signal?: AbortSignal): Promise<(number | null)[]>;
}

export type Measured = SloStatus & { fromMs: number; toMs: number };

const DAY_MS = 86_400_000;
const NS_PER_MS = 1_000_000n;
/** Seconds of each burn window, in their order. */
const windows = Object.entries(burnWindows).map(([name, hours]) => ({ name: name as BurnWindow, seconds: Math.round(hours * 3600) }));

/** The state of an objective now, within the projects that the asker may see. */
export async function measureSlo(counter: SloCounter, objective: SloObjective, scope: ProjectScope, nowMs: number, signal?: AbortSignal): Promise<Measured> {
  const { hours, recent } = await counter.counts(
    questionOf(objective, scope, nowMs),
    windows.map(({ seconds }) => seconds),
    signal,
  );
  const byWindow = Object.fromEntries(windows.map(({ name, seconds }) => [name, recent.get(seconds) ?? noCounts])) as Record<BurnWindow, typeof noCounts>;
  return { ...sloStatus(objective, { hours, recent: byWindow }, nowMs), fromMs: nowMs - objective.windowDays * DAY_MS, toMs: nowMs };
}

export interface SignalQuantiles {
  p50: number | null;
  p95: number | null;
  p99: number | null;
  /** At the objective's target. */
  atTarget: number | null;
}

export async function signalQuantiles(
  counter: SloCounter,
  objective: SloObjective,
  scope: ProjectScope,
  nowMs: number,
  signal?: AbortSignal,
): Promise<SignalQuantiles> {
  const [p50 = null, p95 = null, p99 = null, atTarget = null] = await counter.quantiles(
    questionOf(objective, scope, nowMs),
    [0.5, 0.95, 0.99, objective.target],
    signal,
  );
  return { p50, p95, p99, atTarget };
}

function questionOf(objective: SloObjective, scope: ProjectScope, nowMs: number): SloQuestion {
  return {
    scope,
    filter: parseFilter(objective.filter.trim()),
    indicator: objective.indicator,
    fromNs: BigInt(nowMs - objective.windowDays * DAY_MS) * NS_PER_MS,
    toNs: BigInt(nowMs) * NS_PER_MS,
  };
}

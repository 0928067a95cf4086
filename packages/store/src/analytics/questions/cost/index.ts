import type { Engine } from "../../../engine/engine.ts";
import { TraceHistogram } from "../trace-histogram.ts";
import { callGroups, type CallGroup } from "./call-groups.ts";
import type { CostWindow, ReadFrom } from "./cost-window.ts";
import { type CostlyLimits, type CostlySteps, costlySteps } from "./costly-traces.ts";
import { type BrokenIdentity, tokenIdentities } from "./token-identities.ts";

export type { CallGroup } from "./call-groups.ts";
export type { CostWindow, ReadFrom } from "./cost-window.ts";
export type { CostlyLimits, CostlyStep, CostlySteps, CostlyTrace } from "./costly-traces.ts";
export type { BrokenIdentity, Identity } from "./token-identities.ts";

/** Questions about money that metrics do not answer. Scoped, bounded in time and memory. */
export interface CostQuestions {
  callGroups(window: CostWindow, thresholds: readonly number[], signal?: AbortSignal): Promise<{ groups: CallGroup[]; isCut: boolean } & ReadFrom>;
  tokenIdentities(window: CostWindow, signal?: AbortSignal): Promise<{ broken: BrokenIdentity[]; reports: number } & ReadFrom>;
  costlySteps(window: CostWindow, limits: CostlyLimits, signal?: AbortSignal): Promise<CostlySteps>;
}

/** Trace rows of a first window; only how a window is cut when limits are hit rests on it. */
const WINDOW_ROWS = 2_000;

export function costQuestions(engine: Engine, now: () => number = Date.now): CostQuestions {
  const histogram = new TraceHistogram(engine, now, WINDOW_ROWS);
  return {
    callGroups: (window, thresholds, signal) => callGroups(engine, histogram, window, thresholds, signal),
    tokenIdentities: (window, signal) => tokenIdentities(engine, histogram, window, signal),
    costlySteps: (window, limits, signal) => costlySteps(engine, histogram, window, limits, signal),
  };
}

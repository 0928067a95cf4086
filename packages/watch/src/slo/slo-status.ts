import type { SloObjective } from "@telltale/model";
import { addCounts, errorBudget, type ErrorBudget, noCounts, type SloCounts } from "./budget.ts";
import { burnDown, type BurnDownPoint } from "./burn-down.ts";
import { burning, type BurnRate, burnRate, type BurnWindow, burnWindows } from "./burn-rate.ts";
import { type HourCounts, type Projection, projectExhaustion } from "./projection.ts";
import { type WorstHour, worstHours } from "./worst-hours.ts";

export type SloState = "healthy" | "burning_slow" | "burning_fast" | "exhausted" | "no_data";

/** What was counted of the traces of the window. */
export interface SloMeasure {
  /** Hours with traffic, oldest first. */
  hours: readonly HourCounts[];
  /** The newest part of the window, for burn rates. */
  recent: Readonly<Record<BurnWindow, SloCounts>>;
}

export interface SloStatus {
  state: SloState;
  budget: ErrorBudget;
  excluded: number;
  burn: BurnRate[];
  projection: Projection;
  history: BurnDownPoint[];
  worst: WorstHour[];
}

/** Everything that is said of an objective, from counts alone. */
export function sloStatus({ target, windowDays }: Pick<SloObjective, "target" | "windowDays">, { hours, recent }: SloMeasure, nowMs: number): SloStatus {
  const all = hours.reduce<SloCounts>(addCounts, noCounts);
  const budget = errorBudget(all, target);
  const names = Object.keys(burnWindows) as BurnWindow[];
  const rates = Object.fromEntries(names.map((name) => [name, burnRate(name, recent[name], target)])) as Record<BurnWindow, BurnRate>;
  // The slow pace: six hours, or three days where six hours saw nothing.
  const paceWindow: BurnWindow = rates["6h"].total > 0 ? "6h" : "3d";
  const pace = { ...recent[paceWindow], hours: burnWindows[paceWindow] };
  return {
    state: stateOf(budget, burning(rates, windowDays)),
    budget,
    excluded: all.excluded,
    burn: names.map((name) => rates[name]),
    projection: projectExhaustion(hours, pace, { target, windowDays }, nowMs),
    history: burnDown(hours, { target, windowDays }, nowMs),
    worst: worstHours(hours, budget.allowed),
  };
}

function stateOf({ remaining }: ErrorBudget, speed: "fast" | "slow" | undefined): SloState {
  if (remaining === null) return "no_data";
  if (remaining <= 1e-9) return "exhausted";
  if (speed !== undefined) return speed === "fast" ? "burning_fast" : "burning_slow";
  return "healthy";
}

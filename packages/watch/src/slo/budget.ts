/** Traces of some time by what they mean to an objective. */
export interface SloCounts {
  good: number;
  bad: number;
  /** Without the signal (no first token, still running): neither good nor bad. */
  excluded: number;
}

export interface ErrorBudget {
  /** Good and bad together. */
  total: number;
  /** Share of good ones; `null` without traffic, which is not 0. */
  attained: number | null;
  /** How many bad traces the target allows at this traffic, as a fraction of a trace where it is one. */
  allowed: number;
  /** How many there were. */
  bad: number;
  /** Share of the budget that is used up, over 1 when it is overdrawn; `null` without traffic. */
  consumed: number | null;
  /** `1 - consumed`; negative when it is overdrawn. */
  remaining: number | null;
}

/** `target` is between 0 and 1, both excluded: without room for failure there is no budget to measure. */
export function errorBudget({ good, bad }: Pick<SloCounts, "good" | "bad">, target: number): ErrorBudget {
  const total = good + bad;
  const allowed = total * (1 - target);
  const consumed = total === 0 ? null : bad / allowed;
  return { total, attained: total === 0 ? null : good / total, allowed, bad, consumed, remaining: consumed === null ? null : 1 - consumed };
}

export function addCounts(a: SloCounts, b: SloCounts): SloCounts {
  return { good: a.good + b.good, bad: a.bad + b.bad, excluded: a.excluded + b.excluded };
}

export const noCounts: SloCounts = { good: 0, bad: 0, excluded: 0 };

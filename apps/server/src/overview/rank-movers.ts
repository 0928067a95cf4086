import type { MoverField, PeriodFigures, Shift, Shifts } from "@telltale/store";

export type MoverMetric = "error_rate" | "latency_ms" | "cost_usd" | "trace_count";

export interface Mover {
  metric: MoverMetric;
  field: MoverField;
  value: string;
  now: number;
  before: number;
  /** What `before` is of: the same value, or all traces where the value had too few. */
  comparedWith: "itself" | "all";
  /** By how much of its size before the total moved because of this. */
  contribution: number;
  traces: number;
  tracesBefore: number;
}

/** Fewer traces of a value in a period have no rate worth comparing. */
const MIN_TRACES = 30;
/** A twentieth of which must lie beyond the 95th percentile. */
const MIN_TRACES_P95 = 60;
/** What moved the total by less than a twentieth is not worth a line. */
const MIN_CONTRIBUTION = 0.05;
/** A value that nearly all traces have says what the total says. */
const NEARLY_ALL = 0.85;
/** Standard errors between two rates before chance is ruled out: thousands of values are compared. */
const MIN_Z = 3.5;
const PER_METRIC = 4;
/** Versions and prompts come and go: that one has more traffic than another says nothing. Their traces are compared, not counted. */
const comesAndGoes = new Set<MoverField>(["version", "prompt"]);

/** Which values moved error rate, p95, cost or traffic most since the period before, the largest contribution first. */
export function rankMovers({ all, values }: Shifts, limit: number): Mover[] {
  if (all.before.traces < MIN_TRACES || all.now.traces < MIN_TRACES) return [];
  const movers = (Object.keys(measures) as MoverMetric[]).flatMap((metric) =>
    values
      .flatMap(({ field, value, now, before }): Mover[] => {
        const moved = isNearlyAll(now, before, all) ? undefined : measures[metric]({ now, before }, all, field);
        return moved === undefined || Math.abs(moved.contribution) < MIN_CONTRIBUTION
          ? []
          : [{ metric, field, value, ...moved, traces: now.traces, tracesBefore: before.traces }];
      })
      .toSorted(byContribution)
      .slice(0, PER_METRIC),
  );
  return movers.toSorted(byContribution).slice(0, limit);
}

type Moved = Pick<Mover, "now" | "before" | "comparedWith" | "contribution">;

const measures: Record<MoverMetric, (shift: Shift, all: Shift, field: MoverField) => Moved | undefined> = {
  error_rate: (shift, all) => {
    const { base, comparedWith } = baseOf(shift, all, MIN_TRACES);
    if (shift.now.traces < MIN_TRACES || zOf(shift.now, base) < MIN_Z) return undefined;
    const [now, before] = [rateOf(shift.now), rateOf(base)];
    // Failures beyond what the rate before would have brought, against all that would have been expected.
    const expected = Math.max(1, rateOf(all.before) * all.now.traces);
    return { now, before, comparedWith, contribution: ((now - before) * shift.now.traces) / expected };
  },
  latency_ms: (shift, all) => {
    const { base, comparedWith } = baseOf(shift, all, MIN_TRACES_P95);
    const [now, before] = [shift.now.p95Ms, base.p95Ms];
    if (shift.now.traces < MIN_TRACES_P95 || now === undefined || before === undefined || before === 0) return undefined;
    const change = now / before - 1;
    // A percentile of few traces jumps about.
    if (Math.abs(change) < Math.max(0.1, 3.5 / Math.sqrt(Math.min(shift.now.traces, base.traces)))) return undefined;
    return { now, before, comparedWith, contribution: (change * shift.now.traces) / all.now.traces };
  },
  cost_usd: (shift, all, field) => {
    if (comesAndGoes.has(field) || shift.now.priced + shift.before.priced < MIN_TRACES || all.before.costUsd === 0) return undefined;
    const [now, before] = [shift.now.costUsd, shift.before.costUsd];
    if (followsTotal(now, before, all.now.costUsd / all.before.costUsd)) return undefined;
    return { now, before, comparedWith: "itself", contribution: (now - before) / all.before.costUsd };
  },
  trace_count: (shift, all, field) => {
    const [now, before] = [shift.now.traces, shift.before.traces];
    if (comesAndGoes.has(field) || Math.abs(now - before) < MIN_Z * Math.sqrt(now + before)) return undefined;
    if (followsTotal(now, before, all.now.traces / all.before.traces)) return undefined;
    return { now, before, comparedWith: "itself", contribution: (now - before) / all.before.traces };
  },
};

/** The value's own past; where it hardly has one, the past of all: a new version is compared with what it replaced. */
function baseOf(shift: Shift, all: Shift, minTraces: number): { base: PeriodFigures; comparedWith: Mover["comparedWith"] } {
  return shift.before.traces >= minTraces ? { base: shift.before, comparedWith: "itself" } : { base: all.before, comparedWith: "all" };
}

function rateOf({ failed, traces }: PeriodFigures): number {
  return traces === 0 ? 0 : failed / traces;
}

/** Two-proportion z test, pooled. */
function zOf(a: PeriodFigures, b: PeriodFigures): number {
  const pooled = (a.failed + b.failed) / (a.traces + b.traces);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / a.traces + 1 / b.traces));
  return error === 0 ? 0 : Math.abs(rateOf(a) - rateOf(b)) / error;
}

/** It grew or shrank as everything did: not a mover of its own. */
function followsTotal(now: number, before: number, totalRatio: number): boolean {
  return before > 0 && Math.abs(now / before / totalRatio - 1) < 0.1;
}

function isNearlyAll(now: PeriodFigures, before: PeriodFigures, all: Shift): boolean {
  return now.traces >= NEARLY_ALL * all.now.traces && before.traces >= NEARLY_ALL * all.before.traces;
}

function byContribution(a: Mover, b: Mover): number {
  return Math.abs(b.contribution) - Math.abs(a.contribution);
}

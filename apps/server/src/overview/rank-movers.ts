import type { MoverField, PeriodFigures, Shift, Shifts } from "@telltale/store";

export type MoverMetric = "error_rate" | "latency_ms" | "cost_usd" | "trace_count";

export interface Mover {
  metric: MoverMetric;
  field: MoverField;
  value: string;
  now: number;
  before: number;
  /** What `before` is of: the same value; a new version is compared with all traces, a new version of a prompt with the one it replaced. */
  comparedWith: "itself" | "all" | { predecessor: string };
  /** By how much of its size before the total moved because of this; for a percentile, which has no total, its doublings times its share of traces. */
  contribution: number;
  traces: number;
  tracesBefore: number;
}

/** Fewer traces of a value in a period have no rate worth comparing. */
const MIN_TRACES = 30;
/** A twentieth of which lies beyond the 95th percentile. */
const MIN_TRACES_P95 = 100;
/** A smaller change of a percentile is not worth a line. */
const MIN_CHANGE_P95 = 0.1;
/** What moved the total by less than a twentieth is not worth a line. */
const MIN_CONTRIBUTION = 0.05;
/** A value that nearly all traces have says what the total says. */
const NEARLY_ALL = 0.85;
/** Standard errors between two rates before chance is ruled out: thousands of values are compared. */
const MIN_Z = 3.5;
const PER_METRIC = 3;
/** Versions and prompts come and go: that one has more traffic than another says nothing. Their traces are compared, not counted. */
const comesAndGoes = new Set<MoverField>(["version", "prompt"]);

/** Which values moved error rate, p95, cost or traffic most since the period before, the largest contribution first. */
export function rankMovers(shifts: Shifts, limit: number): Mover[] {
  const { all, values } = shifts;
  if (all.before.traces < MIN_TRACES || all.now.traces < MIN_TRACES) return [];
  const movers = (Object.keys(measures) as MoverMetric[]).flatMap((metric) =>
    withoutTwins(
      values
        .filter((value) => !isNearlyAll(value, all))
        .flatMap((value): Mover[] => {
          const moved = measures[metric](value, shifts);
          return moved === undefined || Math.abs(moved.contribution) < MIN_CONTRIBUTION
            ? []
            : [{ metric, field: value.field, value: value.value, ...moved, traces: value.now.traces, tracesBefore: value.before.traces }];
        })
        .toSorted(byContribution),
    ).slice(0, PER_METRIC),
  );
  return movers.toSorted(byContribution).slice(0, limit);
}

type Moved = Pick<Mover, "now" | "before" | "comparedWith" | "contribution">;
type Value = Shifts["values"][number];

const measures: Record<MoverMetric, (value: Value, shifts: Shifts) => Moved | undefined> = {
  error_rate: (shift, shifts) => {
    const { all } = shifts;
    const { base, comparedWith } = baseOf(shift, shifts, MIN_TRACES) ?? {};
    if (base === undefined || comparedWith === undefined || shift.now.traces < MIN_TRACES || zOf(shift.now, base) < MIN_Z) return undefined;
    const [now, before] = [rateOf(shift.now), rateOf(base)];
    // Failures beyond what the rate before would have brought, against all that would have been expected.
    const expected = Math.max(1, rateOf(all.before) * all.now.traces);
    return { now, before, comparedWith, contribution: ((now - before) * shift.now.traces) / expected };
  },
  latency_ms: (shift, shifts) => {
    const { all } = shifts;
    const { base, comparedWith } = baseOf(shift, shifts, MIN_TRACES_P95) ?? {};
    const [now, before] = [shift.now.p95Ms, base?.p95Ms];
    if (base === undefined || comparedWith === undefined || shift.now.traces < MIN_TRACES_P95 || now === undefined || before === undefined) return undefined;
    if (before <= 0 || now <= 0 || Math.abs(now / before - 1) < MIN_CHANGE_P95 || !isBeyondChance(shift.now, before)) return undefined;
    // Twice as slow counts as much as half: each for its share of the traces.
    return { now, before, comparedWith, contribution: (Math.log2(now / before) * shift.now.traces) / all.now.traces };
  },
  cost_usd: ({ field, ...shift }, { all }) => {
    if (comesAndGoes.has(field) || shift.now.priced + shift.before.priced < MIN_TRACES || all.before.costUsd === 0) return undefined;
    const [now, before] = [shift.now.costUsd, shift.before.costUsd];
    if (followsOthers(now, before, all.now.costUsd - now, all.before.costUsd - before)) return undefined;
    return { now, before, comparedWith: "itself", contribution: (now - before) / all.before.costUsd };
  },
  trace_count: ({ field, ...shift }, { all }) => {
    const [now, before] = [shift.now.traces, shift.before.traces];
    if (comesAndGoes.has(field) || Math.abs(now - before) < MIN_Z * Math.sqrt(now + before)) return undefined;
    if (followsOthers(now, before, all.now.traces - now, all.before.traces - before)) return undefined;
    return { now, before, comparedWith: "itself", contribution: (now - before) / all.before.traces };
  },
};

/**
 * A twentieth was slower than `before`, the p95 of the past. When it is a tenth now, or a fiftieth, that is no accident of some traces at
 * the border between fast and slow ones, where a percentile jumps about.
 */
function isBeyondChance(now: PeriodFigures, before: number): boolean {
  return (now.p90Ms ?? 0) > before || (now.p98Ms ?? Infinity) < before;
}

/** The value's own past; where it hardly has one, what it came after. A new model or tool has nothing that it could be compared with. */
function baseOf(
  { field, value, before }: Value,
  { all, values }: Shifts,
  minTraces: number,
): { base: PeriodFigures; comparedWith: Mover["comparedWith"] } | undefined {
  if (before.traces >= minTraces) return { base: before, comparedWith: "itself" };
  if (field === "version") return { base: all.before, comparedWith: "all" };
  if (field !== "prompt") return undefined;
  const others = values.filter((other) => other.field === "prompt" && other.value !== value && promptName(other.value) === promptName(value));
  const [largest] = others.toSorted((a, b) => b.before.traces - a.before.traces);
  return largest === undefined || largest.before.traces < minTraces ? undefined : { base: largest.before, comparedWith: { predecessor: largest.value } };
}

function promptName(value: string): string {
  const slash = value.lastIndexOf("/");
  return slash === -1 ? value : value.slice(0, slash);
}

/** One route with one model and one prompt is three values of the same traces: the first says it all. */
function withoutTwins(movers: readonly Mover[]): Mover[] {
  const near = (a: number, b: number): boolean => Math.abs(a - b) <= 0.03 * Math.max(a, b);
  const kept: Mover[] = [];
  for (const mover of movers) {
    const isTwin = kept.some(
      (one) => one.field !== mover.field && near(one.traces, mover.traces) && near(one.tracesBefore, mover.tracesBefore) && near(one.now, mover.now),
    );
    if (!isTwin) kept.push(mover);
  }
  return kept;
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

/** It grew or shrank as all others did: not a mover of its own. */
function followsOthers(now: number, before: number, othersNow: number, othersBefore: number): boolean {
  return before > 0 && othersBefore > 0 && Math.abs(now / before / (othersNow / othersBefore) - 1) < 0.1;
}

function isNearlyAll({ now, before }: Shift, all: Shift): boolean {
  return now.traces >= NEARLY_ALL * all.now.traces && before.traces >= NEARLY_ALL * all.before.traces;
}

/** What is the same to a hundredth goes by field, so that of twins the route or version is named. */
function byContribution(a: Mover, b: Mover): number {
  const [first, second] = [Math.round(Math.abs(a.contribution) * 100), Math.round(Math.abs(b.contribution) * 100)];
  return second - first || order.indexOf(a.field) - order.indexOf(b.field);
}

const order: readonly MoverField[] = ["version", "route", "prompt", "model", "tool", "environment", "user"];

import type { MoverOut } from "@telltale/model/api";
import { addClause } from "../../filter/clauses.ts";
import { groupFilter, UNKNOWN } from "../../filter/group-clause.ts";
import { formatMetric, formatShare } from "../../format/metric.ts";
import { formatCount } from "../../format/number.ts";

const names = { error_rate: "error rate", latency_ms: "p95 latency", cost_usd: "cost", trace_count: "traffic" } as const;
const units = { error_rate: "ratio", latency_ms: "ms", cost_usd: "usd", trace_count: "count" } as const;

/** What a mover did, in parts that a row sets: `error rate`, `2%`, `8.1%`. */
export interface MoverText {
  field: string;
  value: string;
  metric: string;
  before: string;
  now: string;
  /** `+62% failed traces`: what it did to the total; of latency how many traces it is. */
  effect: string;
  /** What it rests on, in a sentence. */
  basis: string;
  tone: "good" | "bad" | "neutral";
}

/** `total`: all traces of the window. */
export function moverText(mover: MoverOut, total: number): MoverText {
  const unit = units[mover.metric];
  const noun = { error_rate: "failed traces", latency_ms: "", cost_usd: "total cost", trace_count: "total traffic" }[mover.metric];
  const rose = mover.now > mover.before;
  return {
    field: mover.field,
    value: mover.value === UNKNOWN ? `no ${mover.field}` : mover.value,
    metric: names[mover.metric],
    before: formatMetric(mover.before, unit),
    now: formatMetric(mover.now, unit),
    effect:
      mover.metric === "latency_ms"
        ? `${formatShare(mover.n / Math.max(1, total), 0)} of traces`
        : `${mover.contribution < 0 ? "−" : "+"}${formatShare(Math.abs(mover.contribution), 0)} ${noun}`,
    basis:
      `${formatCount(mover.n)} traces, ${formatCount(mover.n_before)} before` +
      (mover.compared_with === "all" ? "; too few before, so compared with all traces of the period before" : "") +
      (mover.predecessor === null ? "" : `; too few before, so compared with ${mover.predecessor}`),
    tone: mover.metric === "trace_count" ? "neutral" : rose ? "bad" : "good",
  };
}

/** The traces that show it: the failed ones, or the slowest and dearest first. Undefined when no filter can find them. */
export function moverTraces(mover: MoverOut, filter: string): { filter: string; sort: string | undefined } | undefined {
  const narrowed = groupFilter(filter, { [mover.field]: mover.value });
  if (narrowed === undefined) return undefined;
  switch (mover.metric) {
    case "error_rate":
      // A rate that fell shows in the traces that no longer fail.
      return { filter: mover.now > mover.before ? addClause(narrowed, "status = 'ERROR'") : narrowed, sort: undefined };
    case "latency_ms":
      return { filter: narrowed, sort: "-duration_ms" };
    case "cost_usd":
      return { filter: narrowed, sort: "-cost_usd" };
    case "trace_count":
      return { filter: narrowed, sort: undefined };
  }
}

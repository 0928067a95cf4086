import { type AggregateRow, type FigureName, isPercentile } from "./aggregates.ts";
import type { Metric } from "./metric-catalogue.ts";

export type StepRow = AggregateRow & { step: number };

export interface RankedGroup {
  group: string[];
  rows: StepRow[];
}

/** Whether the figure of a whole follows from those of its parts; it does not for quantiles and different values. */
export function isSummable(metric: Metric, aggregation: FigureName): boolean {
  return metric.isDistinct !== true && !isPercentile(aggregation);
}

/** Rows of groups and steps as lines, the largest first, ranked as `rankSql` does. */
export function rankGroups(rows: readonly StepRow[], groupOf: (row: StepRow) => string[], metric: Metric, by: FigureName): RankedGroup[] {
  const lines = new Map<string, RankedGroup>();
  for (const row of rows) {
    const group = groupOf(row);
    const key = group.join("\u001f");
    const line = lines.get(key);
    if (line === undefined) lines.set(key, { group, rows: [row] });
    else line.rows.push(row);
  }
  const ranked = [...lines].map(([key, line]) => ({ key, line, rank: rankOf(line.rows, metric, by), total: sum(line.rows, ({ total }) => Number(total)) }));
  ranked.sort((a, b) => b.rank - a.rank || b.total - a.total || (a.key < b.key ? -1 : 1));
  return ranked.map(({ line }) => line);
}

/** All groups as one, step by step; for figures that are summable. */
export function summedBySteps(groups: readonly RankedGroup[]): StepRow[] {
  const steps = new Map<number, StepRow>();
  for (const row of groups.flatMap(({ rows }) => rows)) {
    const { total = "0", n = "0", s = 0, lo, hi } = steps.get(row.step) ?? {};
    steps.set(row.step, {
      step: row.step,
      total: String(Number(total) + Number(row.total)),
      n: String(Number(n) + Number(row.n)),
      s: (s ?? 0) + (row.s ?? 0),
      lo: lower(lo, row.lo),
      hi: lower(hi, row.hi, -1),
    });
  }
  return [...steps.values()];
}

function lower(a: number | null | undefined, b: number | null | undefined, sign = 1): number | null {
  if (a === null || a === undefined) return b ?? null;
  return b === null || b === undefined ? a : sign * Math.min(sign * a, sign * b);
}

/** Nothing known ranks last. */
const LAST = -Number.MAX_VALUE;

function rankOf(rows: readonly StepRow[], metric: Metric, by: FigureName): number {
  if (metric.unit === "count") return sum(rows, ({ total }) => Number(total));
  const n = sum(rows, (row) => Number(row.n));
  if (by === "count") return n;
  if (n === 0) return LAST;
  switch (by) {
    case "avg":
      return sum(rows, (row) => row.s ?? 0) / n;
    case "min":
      return Math.min(...rows.flatMap((row) => row.lo ?? []));
    case "max":
      return Math.max(...rows.flatMap((row) => row.hi ?? []));
    default:
      return sum(rows, (row) => row.s ?? 0);
  }
}

function sum(rows: readonly StepRow[], of: (row: StepRow) => number): number {
  return rows.reduce((total, row) => total + of(row), 0);
}

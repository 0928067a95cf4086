import type { Aggregation } from "@telltale/model/api";
import type { Metric } from "./metric-catalogue.ts";

export interface Figures {
  /** `null`: nothing known to compute it from. */
  values: Partial<Record<FigureName, number | null>>;
  /** How many rows with a known value the values rest on. */
  n: number;
  nMissing: number;
}

/** What a query with `aggregateSql` answers: `total` rows, `n` of them with a value. 64-bit integers come as text. */
export interface AggregateRow {
  total: string;
  n: string;
  s?: number | null;
  lo?: number | null;
  hi?: number | null;
  /** Quantiles, in the order in which they were asked for. */
  q?: number[];
}

/** The aggregations of the API, and any other percentile. */
export type FigureName = Aggregation | `p${number}`;

export function isPercentile(name: FigureName): boolean {
  return /^p\d/.test(name);
}

function askedQuantiles(aggregations: readonly FigureName[]): [name: FigureName, level: number][] {
  return aggregations.filter(isPercentile).map((name) => [name, Number(name.slice(1)) / 100]);
}

/** Aggregates over rows with a value `v`. Sums are added as decimals or integers: the order of rows changes no digit. */
export function aggregateSql(metric: Metric, aggregations: readonly FigureName[]): string {
  const exact = metric.unit === "ms" ? "toDecimal64(round(v, 6), 6)" : "v";
  if (metric.isDistinct === true) return "uniqExact(v) AS total, total AS n";
  const columns = ["count() AS total", "count(v) AS n"];
  if (metric.unit === "count") return columns.join(", ");
  if (aggregations.some((one) => one === "sum" || one === "avg")) columns.push(`toFloat64(sum(${exact})) AS s`);
  if (aggregations.includes("min")) columns.push("toFloat64(min(v)) AS lo");
  if (aggregations.includes("max")) columns.push("toFloat64(max(v)) AS hi");
  const levels = askedQuantiles(aggregations).map(([, level]) => level);
  if (levels.length > 0) columns.push(`quantilesExactInclusive(${levels.join(", ")})(toFloat64(v)) AS q`);
  return columns.join(", ");
}

/** The expression by which groups are ranked, of the columns of `aggregateSql`. */
export function rankSql(metric: Metric, by: FigureName, aggregations: readonly FigureName[]): string {
  if (metric.unit === "count") return "total";
  switch (by) {
    case "count":
      return "n";
    case "sum":
      return "if(n = 0, NULL, s)";
    case "avg":
      return "if(n = 0, NULL, s / n)";
    case "min":
      return "if(n = 0, NULL, lo)";
    case "max":
      return "if(n = 0, NULL, hi)";
    default:
      return `if(n = 0, NULL, q[${askedQuantiles(aggregations).findIndex(([name]) => name === by) + 1}])`;
  }
}

/** The figures asked for, of a row for which `computed` were. */
export function figuresOf(metric: Metric, aggregations: readonly FigureName[], computed: readonly FigureName[], row: AggregateRow | undefined): Figures {
  const total = Number(row?.total ?? 0);
  const n = Number(row?.n ?? 0);
  return {
    values: Object.fromEntries(aggregations.map((one) => [one, figure(metric, one, computed, row, total, n)])),
    n,
    nMissing: total - n,
  };
}

function figure(metric: Metric, one: FigureName, computed: readonly FigureName[], row: AggregateRow | undefined, total: number, n: number): number | null {
  if (one === "count") return n;
  // A count has no value of its own of which there were a mean or a percentile.
  if (metric.unit === "count") return one === "sum" ? total : null;
  // Nothing at all sums up to 0; rows of which no value is known do not.
  if (n === 0 || row === undefined) return one === "sum" && total === 0 ? 0 : null;
  const sum = row.s ?? 0;
  switch (one) {
    case "sum":
      return sum;
    case "avg":
      return sum / n;
    case "min":
      return row.lo ?? null;
    case "max":
      return row.hi ?? null;
    default:
      return row.q?.[askedQuantiles(computed).findIndex(([name]) => name === one)] ?? null;
  }
}

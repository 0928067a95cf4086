import type { Aggregation } from "@telltale/model/api";
import type { Metric } from "./metric-catalogue.ts";

export interface Figures {
  /** `null`: nothing known to compute it from. */
  values: Partial<Record<Aggregation, number | null>>;
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
  p50?: number | null;
  p90?: number | null;
  p95?: number | null;
  p99?: number | null;
}

const quantiles = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99 } as const;

/** Aggregates over rows with a value `v`. Sums are added as decimals or integers: the order of rows changes no digit. */
export function aggregateSql(metric: Metric, aggregations: readonly Aggregation[]): string {
  const exact = metric.unit === "ms" ? "toDecimal64(round(v, 6), 6)" : "v";
  const columns = ["count() AS total", "count(v) AS n"];
  if (metric.unit !== "count" && aggregations.some((one) => one === "sum" || one === "avg")) columns.push(`toFloat64(sum(${exact})) AS s`);
  if (aggregations.includes("min")) columns.push("toFloat64(min(v)) AS lo");
  if (aggregations.includes("max")) columns.push("toFloat64(max(v)) AS hi");
  for (const [name, level] of Object.entries(quantiles))
    if (aggregations.some((one) => one === name)) columns.push(`quantileExactInclusive(${level})(toFloat64(v)) AS ${name}`);
  return columns.join(", ");
}

/** The expression by which groups are ranked, of the columns of `aggregateSql`. */
export function rankSql(metric: Metric, by: Aggregation): string {
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
      return `if(n = 0, NULL, ${by})`;
  }
}

export function figuresOf(metric: Metric, aggregations: readonly Aggregation[], row: AggregateRow | undefined): Figures {
  const total = Number(row?.total ?? 0);
  const n = Number(row?.n ?? 0);
  return {
    values: Object.fromEntries(aggregations.map((one) => [one, figure(metric, one, row, total, n)])),
    n,
    nMissing: total - n,
  };
}

function figure(metric: Metric, one: Aggregation, row: AggregateRow | undefined, total: number, n: number): number | null {
  if (one === "count") return n;
  if (one === "sum" && metric.unit === "count") return total;
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
      return row[one] ?? null;
  }
}

import { BYTE_ORDER_MARK, csvLine } from "@telltale/model";
import type { MetricsAnswer } from "@telltale/model/api";

/** A metrics answer as CSV: step, groups, whether the row is the rest, values, and what they rest on. */
export function metricsCsv({ data }: MetricsAnswer, groupBy: readonly string[], { bom }: { bom: boolean }): string {
  const aggregations = [...new Set(data.flatMap(({ values }) => Object.keys(values) as (keyof typeof values)[]))];
  const header = ["time", ...groupBy, "rest", ...aggregations, "n", "n_missing"];
  const rows = data.map((point) =>
    csvLine([
      point.time,
      ...groupBy.map((field) => point.group[field]),
      point.rest === true,
      ...aggregations.map((aggregation) => point.values[aggregation]),
      point.n,
      point.n_missing,
    ]),
  );
  return (bom ? BYTE_ORDER_MARK : "") + csvLine(header) + rows.join("");
}

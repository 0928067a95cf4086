import type { Aggregation, MetricsAnswer, MetricsPoint, TileQuery } from "@telltale/model/api";
import { timelineOf } from "../../api/metrics.ts";
import type { ChartSeries } from "../../components/chart/chart-data.ts";
import { UNKNOWN } from "../../filter/group-clause.ts";
import { formatMetric, type Unit } from "../../format/metric.ts";
import { plural } from "../../format/number.ts";
import { measureLabel } from "./metric-labels.ts";

/** A query of a tile with what became of it. */
export interface Answered {
  query: TileQuery;
  answer: MetricsAnswer;
}

/** What was computed, in the order asked for. */
export function aggregationsOf({ query, answer }: Answered): Aggregation[] {
  return query.aggregations ?? (Object.keys(answer.data[0]?.values ?? {}) as Aggregation[]);
}

/** Lines of a chart over the steps of all queries. What one query has no step for is a gap. */
export function seriesOf(answered: readonly Answered[]): { times: number[]; series: ChartSeries[] } {
  const timelines = answered.map((each) => timelineOf(each.answer, aggregationsOf(each)));
  const times = [...new Set(timelines.flatMap((timeline) => timeline.times))].toSorted((a, b) => a - b);
  const several = answered.length > 1;
  const series = answered.flatMap(({ query }, index) => {
    const timeline = timelines[index];
    if (timeline === undefined) return [];
    const at = new Map(timeline.times.map((time, position) => [time, position]));
    return timeline.series.map(({ key, group, aggregation, isRest, values, n }): ChartSeries => {
      const measure = measureName(query, aggregation);
      const label = Object.keys(group).length === 0 && !isRest ? measure : groupLabel(group, isRest);
      const isNamed = several || (query.aggregations ?? []).length > 1;
      return {
        key: `${index} ${key}`,
        label: label === measure || !isNamed ? label : `${label}, ${measure}`,
        values: times.map((time) => values[at.get(time) ?? -1] ?? null),
        n: times.map((time) => n[at.get(time) ?? -1] ?? 0),
        ...colorOf(group, isRest),
      };
    });
  });
  return { times, series };
}

/** The state of a trace has its own colour everywhere; what is left over is grey. */
function colorOf(group: Readonly<Record<string, string>>, isRest: boolean): { color?: string } {
  if (isRest) return { color: "chart-rest" };
  return Object.keys(group).length === 1 && group["status"] === "error" ? { color: "chart-error" } : {};
}

export function measureName({ label, metric }: TileQuery, aggregation: Aggregation): string {
  return label === undefined || label === "" ? measureLabel(metric, aggregation) : label;
}

export function groupLabel(group: Readonly<Record<string, string>>, isRest: boolean): string {
  return isRest ? "All others" : Object.values(group).join(" / ");
}

export function isUnknown(group: Readonly<Record<string, string>>): boolean {
  return Object.values(group).every((value) => value === UNKNOWN);
}

/** One row for each group, one column for each figure; what a query has no answer for is not known. */
export interface FigureColumn {
  id: string;
  label: string;
  unit: Unit;
}
export interface FigureRow {
  key: string;
  group: Readonly<Record<string, string>>;
  isRest: boolean;
  values: Readonly<Record<string, number | null>>;
  n: number;
}

export function rowsOf(answered: readonly Answered[]): { fields: string[]; columns: FigureColumn[]; rows: FigureRow[] } {
  const fields = [...new Set(answered.flatMap(({ query }) => query.group_by ?? []))];
  const columns: FigureColumn[] = [];
  const rows = new Map<string, FigureRow & { values: Record<string, number | null> }>();
  for (const [index, each] of answered.entries()) {
    const aggregations = aggregationsOf(each);
    for (const aggregation of aggregations)
      columns.push({ id: `${index}-${aggregation}`, label: columnLabel(each.query, aggregation, aggregations), unit: each.answer.unit });
    for (const { group, rest, values, n } of each.answer.data) {
      const isRest = rest === true;
      const key = isRest ? "rest" : JSON.stringify(fields.map((field) => group[field] ?? ""));
      const row = rows.get(key) ?? { key, group, isRest, values: {}, n };
      for (const aggregation of aggregations) row.values[`${index}-${aggregation}`] = values[aggregation] ?? null;
      rows.set(key, row);
    }
  }
  return { fields, columns, rows: [...rows.values()] };
}

function columnLabel(query: TileQuery, aggregation: Aggregation, all: readonly Aggregation[]): string {
  const name = measureName(query, aggregation);
  return query.label === undefined || query.label === "" || all.length === 1 ? name : `${name}, ${aggregation}`;
}

/** What figures rest on: `1,204 traces`, and how many more had no value. */
export function restsOn({ n, n_missing }: Pick<MetricsPoint, "n" | "n_missing">, of: MetricsAnswer["of"]): string {
  const base = plural(n, of.slice(0, -1));
  return n_missing === 0 ? base : `${base}, ${plural(n_missing, "more", "more")} unknown`;
}

/** A value of any unit; unknown is a dash. */
export function formatFigure(unit: Unit): (value: number) => string {
  return (value) => formatMetric(value, unit);
}

import type { MetricsAnswer } from "@telltale/model/api";
import { timelineOf, type MetricsSeries } from "../../api/metrics.ts";
import type { ChartSeries } from "../../components/chart/chart-data.ts";
import { UNKNOWN } from "../../filter/group-clause.ts";
import { isNegative, isPositive } from "../../format/assessment.ts";

/** More values than this are numbers, not words: they are averaged. */
const MAX_WORDS = 8;

export interface ScoreCounts {
  times: number[];
  /** How often each word was said, then failures; undefined where there are too many to tell apart. */
  words: ChartSeries[] | undefined;
  counted: ChartSeries[];
  /** All it said are numbers: they have an average too. */
  isNumbers: boolean;
  n: number;
}

/** What a scorer said per step: its words on top of each other with its failures, or the average of its numbers. People's labels are not in it. */
export function scoreCounts(answer: MetricsAnswer, scorer: string): ScoreCounts {
  const { times, series } = timelineOf(answer, ["count"]);
  const own = series.filter((line) => isOwn(line, scorer));
  const failed = own.filter(({ group }) => group["value"] === UNKNOWN);
  const said = own.filter(({ group }) => group["value"] !== UNKNOWN);
  const failures = failed.length === 0 ? [] : [{ key: "failed", label: "Failed", values: added(failed, times.length), color: "chart-error" }];
  const isNumbers = said.length > 0 && said.every(({ group }) => isNumber(group["value"]));
  // A scale is read from its low end up; words as the answer has them, the most frequent first.
  const ordered = isNumbers ? said.toSorted((a, b) => Number(a.group["value"]) - Number(b.group["value"])) : said;
  const words =
    said.length > MAX_WORDS
      ? undefined
      : ordered.map((line): ChartSeries => {
          const text = line.group["value"] ?? "";
          const value = isNumbers ? String(Number(text)) : text;
          const color = isPositive(value) ? "chart-6" : isNegative(value) ? "chart-7" : undefined;
          return { key: value, label: value, values: added([line], times.length), ...(color === undefined ? {} : { color }) };
        });
  return {
    times,
    words: words === undefined ? undefined : [...words, ...failures],
    counted: [{ key: "scored", label: "Scored", values: added(said, times.length), color: "chart-ok" }, ...failures],
    isNumbers,
    n: own.reduce((sum, { values }) => sum + values.reduce<number>((all, value) => all + (value ?? 0), 0), 0),
  };
}

/** The line of a scorer's average; undefined without one. */
export function averageSeries(answer: MetricsAnswer, scorer: string): { times: number[]; series: ChartSeries[] } {
  const { times, series } = timelineOf(answer, ["avg"]);
  const line = series.find((each) => isOwn(each, scorer));
  return { times, series: line === undefined ? [] : [{ key: "avg", label: "Average", values: line.values, n: line.n, color: "chart-1" }] };
}

function isOwn({ group, isRest }: MetricsSeries, scorer: string): boolean {
  return !isRest && group["scorer"] === scorer && group["source"] !== "HUMAN";
}

function isNumber(text: string | undefined): boolean {
  return text !== undefined && text.trim() !== "" && Number.isFinite(Number(text));
}

function added(lines: readonly MetricsSeries[], length: number): number[] {
  return Array.from({ length }, (_, index) => lines.reduce((sum, { values }) => sum + (values[index] ?? 0), 0));
}

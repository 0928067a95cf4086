import type { MetricsAnswer, MetricsPoint } from "@telltale/model/api";
import { expect, test } from "vitest";
import { averageSeries, scoreCounts } from "./score-series.ts";

const [first, second] = ["2026-11-25T00:00:00.000Z", "2026-11-25T01:00:00.000Z"];
const point = (time: string, scorer: string, source: string, value: string, count: number): MetricsPoint => ({
  time,
  group: { scorer, source, value },
  values: { count },
  n: count,
  n_missing: 0,
});
const answer = (data: MetricsPoint[]): MetricsAnswer => ({
  metric: "assessment_count",
  unit: "count",
  of: "assessments",
  data,
  partial: false,
  read_from: first,
});

test("words are stacked, failures are failures, and people's labels are left out", () => {
  const { times, words, counted, n } = scoreCounts(
    answer([
      point(first, "polite", "LLM_JUDGE", "true", 3),
      point(second, "polite", "LLM_JUDGE", "true", 4),
      point(second, "polite", "LLM_JUDGE", "unknown", 2),
      point(second, "polite", "HUMAN", "true", 9),
      point(second, "other", "CODE", "true", 9),
    ]),
    "polite",
  );
  expect(times).toHaveLength(2);
  expect(words?.map(({ key, values }) => [key, values])).toEqual([
    ["true", [3, 4]],
    ["failed", [0, 2]],
  ]);
  expect(counted.map(({ key, values }) => [key, values])).toEqual([
    ["scored", [3, 4]],
    ["failed", [0, 2]],
  ]);
  expect(n).toBe(9);
});

test("many values are numbers, and are not drawn one by one", () => {
  const numbers = Array.from({ length: 12 }, (_, index) => point(first, "score", "LLM_JUDGE", `0.${index}1`, 1));
  expect(scoreCounts(answer(numbers), "score")).toMatchObject({ words: undefined, counted: [{ key: "scored", values: [12] }] });
});

test("a scale is stacked from its low end, and has an average", () => {
  const stars = [4, 5, 1].map((value) => point(first, "stars", "LLM_JUDGE", `${value}.0`, value));
  const { words, isNumbers } = scoreCounts(answer(stars), "stars");
  expect(words?.map(({ label, values }) => [label, values])).toEqual([
    ["1", [1]],
    ["4", [4]],
    ["5", [5]],
  ]);
  expect(isNumbers).toBe(true);
});

test("the average is the scorer's own", () => {
  const data = [
    { time: first, group: { scorer: "score", source: "HUMAN" }, values: { avg: 1 }, n: 1, n_missing: 0 },
    { time: first, group: { scorer: "score", source: "LLM_JUDGE" }, values: { avg: 0.4 }, n: 10, n_missing: 0 },
  ];
  expect(averageSeries(answer(data), "score").series).toMatchObject([{ values: [0.4], n: [10] }]);
  expect(averageSeries(answer([]), "score").series).toEqual([]);
});

import type { ChartSeries } from "../../components/chart/chart-data.ts";

type Values = readonly (number | null)[];

/**
 * Layers that add up to all tokens: the cached part is inside of what was read, reasoning inside of what was written. A class that
 * nobody reported is not drawn, and takes nothing from the other.
 */
export function tokenClasses({ input, cached, output, reasoning }: { input: Values; cached: Values; output: Values; reasoning: Values }): ChartSeries[] {
  const without = (whole: Values, part: Values): (number | null)[] =>
    whole.map((value, index) => (value === null ? null : Math.max(0, value - (part[index] ?? 0))));
  const layers: ChartSeries[] = [
    { key: "input", label: "Input", values: without(input, cached), color: "chart-1" },
    { key: "cached", label: "Input from cache", values: cached, color: "chart-5" },
    { key: "output", label: "Output", values: without(output, reasoning), color: "chart-3" },
    { key: "reasoning", label: "Reasoning", values: reasoning, color: "chart-4" },
  ];
  return layers.filter(({ values }) => values.some((value) => value !== null && value > 0));
}

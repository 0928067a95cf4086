/** One line, area or layer of bars. */
export interface ChartSeries {
  key: string;
  label: string;
  /** One for each step; null is a gap. */
  values: readonly (number | null)[];
  /** What each value rests on, shown beside it. */
  n?: readonly number[] | undefined;
  /** A token of `tokens.css` without the dashes, e.g. `chart-error`; by default the next of the palette. */
  color?: string | undefined;
  /** The same series one period earlier: dashed, in the colour of the series it is the past of. */
  previousOf?: string | undefined;
  /** Each value is a dot on the line: few measurements that stand for themselves. */
  hasPoints?: boolean | undefined;
  /** Where each value may truly lie: a band behind the line. Not for stacks. */
  interval?: { low: readonly (number | null)[]; high: readonly (number | null)[] } | undefined;
}

const PALETTE_SIZE = 8;

/** The token of each series, by key. The palette is dealt in order; a `previous` series looks like the one it belongs to. */
export function seriesColors(series: readonly ChartSeries[]): Map<string, string> {
  const colors = new Map<string, string>();
  let next = 0;
  for (const { key, color, previousOf } of series) {
    if (previousOf !== undefined) continue;
    colors.set(key, color ?? (next < PALETTE_SIZE ? `chart-${next + 1}` : "chart-rest"));
    if (color === undefined) next += 1;
  }
  for (const { key, previousOf } of series) if (previousOf !== undefined) colors.set(key, colors.get(previousOf) ?? "chart-rest");
  return colors;
}

/** Each layer on top of those before it. A gap adds nothing, and stays a gap where no layer has a value. */
export function stack(layers: readonly (readonly (number | null)[])[]): (number | null)[][] {
  const base: (number | null)[] = [];
  return layers.map((layer) =>
    layer.map((value, index) => {
      const below = base[index] ?? null;
      const top = value === null ? below : value + (below ?? 0);
      base[index] = top;
      return value === null ? below : top;
    }),
  );
}

/** Points that have no neighbour: a line would not show them. */
export function lonelyPoints(values: readonly (number | null | undefined)[]): number[] {
  const lonely: number[] = [];
  for (const [index, value] of values.entries()) {
    if (value === null || value === undefined) continue;
    if ((values[index - 1] ?? null) === null && (values[index + 1] ?? null) === null) lonely.push(index);
  }
  return lonely;
}

/** What a chart says to somebody who does not see it: `p95: lowest 0.4 s, highest 2.1 s, last 1.2 s, rising.` */
export function summarise(series: readonly ChartSeries[], format: (value: number) => string): string {
  const sentences = series
    .filter(({ previousOf }) => previousOf === undefined)
    .map(({ label, values }) => {
      const known = values.filter((value) => value !== null);
      const last = known.at(-1);
      if (last === undefined) return `${label}: no values.`;
      const low = known.reduce((a, b) => Math.min(a, b));
      const high = known.reduce((a, b) => Math.max(a, b));
      if (low === high) return `${label}: ${format(low)} throughout.`;
      return `${label}: lowest ${format(low)}, highest ${format(high)}, last ${format(last)}, ${trendOf(known)}.`;
    });
  return sentences.length === 0 ? "No data." : sentences.join(" ");
}

/** The later half against the earlier: a tenth more or less is a trend. */
export function trendOf(known: readonly number[]): "rising" | "falling" | "steady" {
  const half = Math.ceil(known.length / 2);
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const earlier = mean(known.slice(0, half));
  const later = mean(known.slice(-half));
  const size = Math.max(Math.abs(earlier), Math.abs(later));
  if (size === 0 || Math.abs(later - earlier) / size < 0.1) return "steady";
  return later > earlier ? "rising" : "falling";
}

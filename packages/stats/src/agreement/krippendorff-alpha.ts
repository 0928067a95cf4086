import { rank } from "../ranks.ts";

export type MeasurementLevel = "nominal" | "ordinal" | "interval" | "ratio";

/** One row per rater, one column per item; null, undefined and NaN are "did not rate". */
export type Ratings = readonly (readonly (number | null | undefined)[])[];

/** Distinct values that the ratio level compares pair by pair; the others are linear. */
const MAX_RATIO_VALUES = 2_000;

/**
 * Krippendorff's alpha: agreement of any number of raters with gaps (Krippendorff 2004, ch. 11). Items with fewer than two
 * ratings do not count. NaN when nothing can be compared or only one value occurs. O(n log n).
 */
export function krippendorffAlpha(ratings: Ratings, level: MeasurementLevel = "nominal"): number {
  const items = pairable(ratings);
  const all = items.flat();
  const n = all.length;
  if (n === 0) return Number.NaN;
  const spread = spreadFor(level, all);
  const expected = spread(all) / (n - 1);
  const observed = items.reduce((total, values) => total + spread(values) / (values.length - 1), 0);
  return expected === 0 ? Number.NaN : 1 - observed / expected;
}

/** The ratings of every item that has two or more. */
function pairable(ratings: Ratings): number[][] {
  const width = ratings.reduce((most, row) => Math.max(most, row.length), 0);
  const items: number[][] = [];
  for (let item = 0; item < width; item += 1) {
    const values = ratings.flatMap((row) => {
      const value = row[item];
      return typeof value === "number" && !Number.isNaN(value) ? [value] : [];
    });
    if (values.length > 1) items.push(values);
  }
  return items;
}

/** Σ of squared distances over all ordered pairs of a list. */
type Spread = (values: readonly number[]) => number;

function spreadFor(level: MeasurementLevel, all: readonly number[]): Spread {
  switch (level) {
    case "nominal":
      return nominal;
    case "interval":
      return squared(centred(all));
    case "ordinal":
      return squared(midRanks(all));
    case "ratio":
      return ratio;
  }
}

const nominal: Spread = (values) => {
  let same = 0;
  for (const count of countValues(values).values()) same += count * count;
  return values.length ** 2 - same;
};

/** Σ (a − b)² over ordered pairs = 2 (m Σa² − (Σa)²), on values put through `place`. */
function squared(place: (value: number) => number): Spread {
  return (values) => {
    let [first, second] = [0, 0];
    for (const value of values) {
      const x = place(value);
      first += x;
      second += x * x;
    }
    return 2 * (values.length * second - first * first);
  };
}

/** Around the mean the squares keep their digits. */
function centred(all: readonly number[]): (value: number) => number {
  const mean = all.reduce((total, value) => total + value, 0) / all.length;
  return (value) => value - mean;
}

/** Ordinal distance, Σ of the counts between two grades less half of both ends, is the distance of their average ranks. */
function midRanks(all: readonly number[]): (value: number) => number {
  const { ranks } = rank(all);
  const byValue = new Map(all.map((value, index) => [value, (ranks[index] ?? 0) - (all.length + 1) / 2]));
  return (value) => byValue.get(value) ?? Number.NaN;
}

const ratio: Spread = (values) => {
  const counts = [...countValues(values)];
  if (counts.length > MAX_RATIO_VALUES) throw new RangeError(`the ratio level takes at most ${MAX_RATIO_VALUES} distinct values`);
  let total = 0;
  for (const [a, countA] of counts) {
    for (const [b, countB] of counts) if (a !== b) total += countA * countB * ((a - b) / (a + b)) ** 2;
  }
  return total;
};

function countValues(values: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** One measured figure beside what it is held against in the same run. */
export interface Figure {
  what: string;
  value: number;
  unit: string;
  /** A limit, or a peer measured in the same run. */
  against: { what: string; value: number };
  /** Which side is good; `neither` = told for comparison. */
  better: "lower" | "higher" | "neither";
}

/** Prints a line per figure with its ratio; true when every limit is kept. */
export function report(title: string, figures: readonly Figure[]): boolean {
  console.log(`\n${title}`);
  let kept = true;
  for (const { what, value, unit, against, better } of figures) {
    const ratio = value / against.value;
    const good = better === "neither" || (better === "lower" ? ratio <= 1 : ratio >= 1);
    kept &&= good;
    const mark = better === "neither" ? "    " : good ? "ok  " : "MISS";
    console.log(
      `  ${mark} ${what.padEnd(44)} ${round(value).padStart(10)} ${unit.padEnd(9)} ${round(ratio).padStart(7)} × ${against.what} (${round(against.value)})`,
    );
  }
  return kept;
}

export function quantile(numbers: readonly number[], q: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}

function round(value: number): string {
  return value >= 100 ? String(Math.round(value)) : value.toPrecision(3);
}

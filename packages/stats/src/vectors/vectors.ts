import { readFileSync } from "node:fs";

export interface Vectors<Case> {
  library: string;
  rel_tol: number;
  cases: Case[];
}

/** Test vectors from trusted libraries; each file names its own. */
export function readVectors<Case>(name: string): Vectors<Case> {
  return JSON.parse(readFileSync(new URL(`../../fixtures/${name}.json`, import.meta.url), "utf8")) as Vectors<Case>;
}

/** Compares number by number; rounding around zero (1e-12) is no difference. */
export function expectClose(actual: number | readonly number[], expected: number | readonly number[], relTol: number, what = ""): void {
  if (typeof expected !== "number") {
    const values = actual as readonly number[];
    if (values.length !== expected.length) throw new Error(`${what}: ${values.length} numbers where the vector has ${expected.length}`);
    for (const [index, value] of expected.entries()) expectClose(values[index] ?? Number.NaN, value, relTol, `${what}[${index}]`);
    return;
  }
  const error = Math.abs((actual as number) - expected);
  if (!(error <= relTol * Math.abs(expected) + 1e-12)) throw new Error(`${what}: ${String(actual)} is not within ${relTol} of ${expected}`);
}

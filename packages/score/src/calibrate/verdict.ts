import type { Vocabulary } from "../scorer.ts";

const passes: ReadonlySet<string> = new Set(["true", "yes", "pass", "passed", "correct", "good", "none", "resolved"]);
const fails: ReadonlySet<string> = new Set(["false", "no", "fail", "failed", "incorrect", "bad", "unresolved"]);

/**
 * From which number on a value passes, when nobody has said: the middle of the scorer's own scale, else the middle of 0 to 1 when all
 * its numbers are such shares. `undefined` = no number is a pass or a fail: a count of words has no middle.
 */
export function passThreshold(answers: Vocabulary | undefined, values: Iterable<string | undefined>): number | undefined {
  if (answers?.kind === "number" && Number.isFinite(answers.min) && Number.isFinite(answers.max)) return (answers.min + answers.max) / 2;
  for (const value of values) {
    const number = Number(value);
    if (value !== undefined && (number < 0 || number > 1)) return undefined;
  }
  return 0.5;
}

/**
 * Whether a value of a scorer or a person is a pass. Words as the built-in scorers use them; numbers pass from `threshold` on, and say
 * nothing without one. `undefined` = the value says nothing of the kind (a category of somebody's own).
 */
export function isPass(value: string, threshold: number | undefined): boolean | undefined {
  const word = value.trim().toLowerCase();
  if (passes.has(word)) return true;
  if (fails.has(word)) return false;
  const number = word === "" ? Number.NaN : Number(word);
  return Number.isNaN(number) || threshold === undefined ? undefined : number >= threshold;
}

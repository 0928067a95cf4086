const passes: ReadonlySet<string> = new Set(["true", "yes", "pass", "passed", "correct", "good", "none", "resolved"]);
const fails: ReadonlySet<string> = new Set(["false", "no", "fail", "failed", "incorrect", "bad", "unresolved"]);

/**
 * Whether a value of a scorer or a person is a pass. Words as the built-in scorers use them; numbers pass from `threshold` on.
 * `undefined` = the value says nothing of the kind (a category of somebody's own).
 */
export function isPass(value: string, threshold: number): boolean | undefined {
  const word = value.trim().toLowerCase();
  if (passes.has(word)) return true;
  if (fails.has(word)) return false;
  const number = word === "" ? Number.NaN : Number(word);
  return Number.isNaN(number) ? undefined : number >= threshold;
}

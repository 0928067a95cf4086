import * as fc from "fast-check";
import { expect, test } from "vitest";
import { matchesPattern } from "./price-pattern.ts";

test.each([
  ["gpt-4o", "GPT-4o", true],
  ["gpt-4.1", "gpt-4x1", false],
  ["gpt-4o", "gpt-4o-mini", false],
  ["gpt-4o*", "gpt-4o-mini", true],
  ["*-mini", "gpt-4o-mini", true],
  ["a*b*c", "a-b-b-c", true],
  ["a*b*c", "a-c-b", false],
  ["*", "", true],
  ["", "x", false],
])("%j fits %j: %j", (pattern, name, fits) => {
  expect(matchesPattern(pattern, name)).toBe(fits);
});

test("says what a regular expression with the same stars says", () => {
  const letters = fc.string({ unit: fc.constantFrom("a", "b", "*"), maxLength: 8 });
  const names = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 12 });
  fc.assert(
    fc.property(letters, names, (pattern, name) => {
      expect(matchesPattern(pattern, name)).toBe(new RegExp(`^${pattern.replaceAll("*", ".*")}$`).test(name));
    }),
  );
});

test("a pattern made to be slow is not", () => {
  const started = performance.now();
  expect(matchesPattern("*a".repeat(150), "a".repeat(299) + "b")).toBe(false);
  expect(performance.now() - started).toBeLessThan(200);
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { addClause, choiceOf, choicesOf, setChoice, wordsToFilter } from "./clauses.ts";
import { tokenize } from "./tokens.ts";

test("the first click adds a clause, the second value makes it a list", () => {
  const one = setChoice("", "model", "gpt-5", "include");
  expect(one).toBe("model = 'gpt-5'");
  expect(setChoice(one, "model", "o3", "include")).toBe("model IN ('gpt-5', 'o3')");
});

test("what a person typed stays as typed", () => {
  const typed = "duration_ms > 1000 AND text ~ \"a AND b\" AND model = 'x'";
  expect(setChoice(typed, "user", "ann", "exclude")).toBe(`${typed} AND user != 'ann'`);
  expect(setChoice(typed, "model", "x", "none")).toBe('duration_ms > 1000 AND text ~ "a AND b"');
});

test("an OR is put in parentheses before it is narrowed", () => {
  expect(setChoice("model = 'a' OR has_error = true", "user", "ann", "include")).toBe("(model = 'a' OR has_error = true) AND user = 'ann'");
  expect(addClause("a = 1 OR b = 2", "has_error = true")).toBe("(a = 1 OR b = 2) AND has_error = true");
});

test("including what was excluded moves it", () => {
  const filter = "model NOT IN ('a', 'b')";
  expect(setChoice(filter, "model", "a", "include")).toBe("model != 'b' AND model = 'a'");
});

test("a clause is not added twice", () => {
  expect(addClause("has_error = true", "has_error = true")).toBe("has_error = true");
});

test("choices are read for a whole panel at once", () => {
  const choices = choicesOf("model IN ('a', 'b') AND user != 'ann' AND duration_ms > 5");
  expect([...choices]).toEqual([
    ["model\0a", "include"],
    ["model\0b", "include"],
    ["user\0ann", "exclude"],
  ]);
});

test.each([
  ["refund policy", "text ~ 'refund policy'"],
  ['"exact words"', "text ~ 'exact words'"],
  ["it's late", "text ~ 'it''s late'"],
  ["返金 ポリシー", "text ~ '返金 ポリシー'"],
  ["what is in stock", "text ~ 'what is in stock'"],
  ["model = 'x'", "model = 'x'"],
  ["tags.a LIKE '%x'", "tags.a LIKE '%x'"],
  ["NOT (has_error = true)", "NOT (has_error = true)"],
  ["session IS NULL", "session IS NULL"],
  ["  ", ""],
])("%s is searched as %s", (typed, filter) => {
  expect(wordsToFilter(typed)).toBe(filter);
});

test("any value can be clicked on and off again", () => {
  fc.assert(
    fc.property(fc.string(), fc.constantFrom("", "duration_ms > 3", "model = 'other'"), (value, before) => {
      const after = setChoice(before, "model", value, "include");
      expect(choiceOf(after, "model", value)).toBe("include");
      if (value !== "other") expect(setChoice(after, "model", value, "none")).toBe(before);
    }),
  );
});

test("tokens cover any text without gaps", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(
        tokenize(text)
          .map((token) => token.text)
          .join(""),
      ).toBe(text);
    }),
  );
});

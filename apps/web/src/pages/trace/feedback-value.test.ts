import { expect, test } from "vitest";
import { editorOf, readValue } from "./feedback-value.ts";

test.each([
  ["thumb", "up", true],
  ["thumb", "down", false],
  ["thumb", "", undefined],
  ["number", " 0.5 ", 0.5],
  ["number", "0", 0],
  ["number", "five", undefined],
  ["number", "1e999", undefined],
  ["text", "good", "good"],
  ["text", '{"a":1}', { a: 1 }],
  ["text", "[sic]", "[sic]"],
  ["text", "  ", undefined],
] as const)("%s %j is %j", (kind, typed, value) => {
  expect(readValue(kind, typed)).toEqual(value);
});

test.each([true, false, 0, 0.25, "text", { a: [1] }])("%j survives being edited", (value) => {
  const { kind, typed } = editorOf(value);
  expect(readValue(kind, typed)).toEqual(value);
});

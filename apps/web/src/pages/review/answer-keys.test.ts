import { expect, test } from "vitest";
import { optionsOf, typedValue } from "./answer-keys.ts";

test("pass and fail, categories and small scales are on keys; the rest is typed", () => {
  expect(optionsOf({ kind: "boolean", fail: "Rude" }).map(({ label, keys }) => [label, keys])).toEqual([["Pass", ["1", "y"]], ["Rude", ["2", "n"]]]); // prettier-ignore
  expect(optionsOf({ kind: "categories", values: ["warm", "cold"] }).map(({ value, keys }) => [value, keys])).toEqual([["warm", ["1"]], ["cold", ["2"]]]); // prettier-ignore
  expect(optionsOf({ kind: "number", min: 1, max: 5 }).map(({ keys }) => keys[0])).toEqual(["1", "2", "3", "4", "5"]);
  expect(optionsOf({ kind: "number", min: 0, max: 100 })).toEqual([]);
  expect(optionsOf({ kind: "text" })).toEqual([]);
});

test("what is typed counts when the question takes it", () => {
  expect(typedValue({ kind: "number", min: 0, max: 100 }, " 42.5 ")).toBe(42.5);
  expect(typedValue({ kind: "number", min: 0, max: 100 }, "101")).toBeUndefined();
  expect(typedValue({ kind: "number" }, "many")).toBeUndefined();
  expect(typedValue({ kind: "text", max_length: 3 }, "long")).toBeUndefined();
  expect(typedValue({ kind: "text" }, "  ")).toBeUndefined();
});

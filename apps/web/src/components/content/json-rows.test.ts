import { expect, test } from "vitest";
import { approximateSize, CHILDREN_STEP, containerOf, foldedText, jsonRows, noFolds } from "./json-rows.ts";

const lines = (value: unknown, folds = noFolds) =>
  jsonRows(value, folds).map((row) => `${"  ".repeat(row.depth)}${row.more === undefined ? (row.key ?? "$") : `+${row.more}`}`);

test("a small value is open two levels deep", () => {
  expect(lines({ a: { b: { c: 1 } }, d: [1] })).toEqual(["$", "  a", "    b", "  d", "    0"]);
});

test("the reader's folds win", () => {
  expect(lines({ a: { b: 1 }, d: 2 }, { open: new Map([["\u0000a", false]]), listed: new Map() })).toEqual(["$", "  a", "  d"]);
});

test("a long list shows its first part and says how much is left", () => {
  const value = Array.from({ length: 1_000 }, (_, index) => index);
  const rows = jsonRows(value, noFolds);
  expect(rows).toHaveLength(CHILDREN_STEP + 2);
  expect(rows.at(-1)).toMatchObject({ more: 800 });
  expect(containerOf(rows.at(-1)?.path ?? "")).toBe("");
  expect(jsonRows(value, { open: new Map(), listed: new Map([["", 1_000]]) })).toHaveLength(1_001);
});

test("a million entries and a deep chain cost only what is shown", () => {
  let deep: unknown = 1;
  for (let index = 0; index < 100_000; index += 1) deep = { deep };
  const started = performance.now();
  expect(jsonRows({ wide: Array.from({ length: 1_000_000 }, () => 0), deep }, noFolds).length).toBeLessThan(20);
  expect(performance.now() - started).toBeLessThan(500);
});

test("keys of outside data are only keys", () => {
  expect(lines(JSON.parse('{"__proto__":1,"constructor":{"x":2}}'))).toEqual(["$", "  __proto__", "  constructor", "    x"]);
});

test("a folded container says what is in it", () => {
  expect([foldedText([]), foldedText([1, 2]), foldedText({}), foldedText({ a: 1, b: 2, c: 3, d: 4, e: 5 })]).toEqual([
    "[]",
    "[ 2 ]",
    "{}",
    "{ a, b, c, d, … }",
  ]);
});

test("size is measured up to a limit", () => {
  expect(approximateSize("x".repeat(100), 1_000)).toBe(102);
  expect(
    approximateSize(
      Array.from({ length: 10_000 }, () => "x".repeat(100)),
      5_000,
    ),
  ).toBe(5_000);
});

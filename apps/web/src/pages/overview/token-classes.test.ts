import { expect, test } from "vitest";
import { tokenClasses } from "./token-classes.ts";

test("the layers add up to all tokens, each counted once", () => {
  const layers = tokenClasses({ input: [100, null], cached: [40, null], output: [30, 5], reasoning: [10, null] });
  expect(layers.map(({ key, values }) => [key, values])).toEqual([
    ["input", [60, null]],
    ["cached", [40, null]],
    ["output", [20, 5]],
    ["reasoning", [10, null]],
  ]);
});

test("a class that nobody reported is not drawn", () => {
  expect(tokenClasses({ input: [1], cached: [null], output: [0], reasoning: [null] }).map(({ key }) => key)).toEqual(["input"]);
});

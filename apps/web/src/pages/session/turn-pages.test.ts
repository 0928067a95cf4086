import { expect, test } from "vitest";
import { pagesOf } from "./turn-pages.ts";

test.each([
  [0, 5, 3, [0]],
  [0, 29, 100, [0]],
  [25, 35, 100, [0, 1]],
  [19_970, 19_999, 20_000, [665, 666]],
  [90, 400, 95, [3]],
  [-1, -1, 10, [0]],
  [0, 10, 0, []],
])("turns %i to %i of %i lie on the pages %j", (first, last, total, pages) => {
  expect(pagesOf(first, last, total)).toEqual(pages);
});

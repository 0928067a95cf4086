import { expect, test } from "vitest";
import { readPast, withQuery } from "./query-history.ts";

test("the newest comes first, the same text once, fifty at most", () => {
  const once = withQuery(withQuery(withQuery([], "a", 1), "b", 2), "a", 3);
  expect(once).toEqual([{ query: "a", atMs: 3 }, { query: "b", atMs: 2 }]); // prettier-ignore
  const many = Array.from({ length: 80 }, (_, index) => index).reduce<ReturnType<typeof withQuery>>((past, index) => withQuery(past, `q${index}`, index), []);
  expect(many).toHaveLength(50);
  expect(many[0]?.query).toBe("q79");
});

test("what something else has stored there is left out", () => {
  expect(readPast([{ query: "a", atMs: 1 }, null, "x", { query: 3, atMs: 1 }])).toEqual([{ query: "a", atMs: 1 }]);
  expect(readPast({})).toBeUndefined();
});

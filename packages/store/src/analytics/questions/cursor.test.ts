import { expect, test } from "vitest";
import { TraceSearch } from "@telltale/model/api";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import type { SortKey } from "./sort-keys.ts";

test("a cursor of an order by long texts is one that the API takes", () => {
  const key: SortKey = { sql: () => "session", type: "String", direction: "ASC", missing: () => "session = ''" };
  const values = Array.from({ length: 5 }, () => "\u597D".repeat(8_000));
  const cursor = encodeCursor("long", values);
  expect(TraceSearch.parse({ cursor }).cursor).toBe(cursor);
  expect(
    decodeCursor(
      cursor,
      "long",
      values.map(() => key),
    ),
  ).toEqual(values);
});

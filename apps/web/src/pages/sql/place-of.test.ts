import { expect, test } from "vitest";
import { placeOf } from "./place-of.ts";

test("lines and columns are counted from one", () => {
  expect(placeOf("SELECT 1", 0)).toBe("line 1, column 1");
  expect(placeOf("SELECT 1\nFORM x", 9)).toBe("line 2, column 1");
  expect(placeOf("a\nb\ncd", 5)).toBe("line 3, column 2");
});

import { expect, test } from "vitest";
import { restText } from "./use-scorer-list.ts";

test("says what is not shown yet, and nothing when all is", () => {
  expect(restText(0, 0)).toBeUndefined();
  expect(restText(1, 0)).toBe("1 more scorer");
  expect(restText(12, 3)).toBe("12 more scorers, and those of 3 more projects");
  expect(restText(0, 3)).toBe("those of 3 more projects");
});

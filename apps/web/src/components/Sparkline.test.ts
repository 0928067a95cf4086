import { expect, test } from "vitest";
import { sparkPaths } from "./Sparkline.tsx";

test("runs from zero to the highest value over the whole width", () => {
  expect(sparkPaths([0, 5, 10], 100, 24)).toEqual({ line: "M0 22L50 12L100 2", area: "M0 24L0 22L50 12L100 2L100 24Z" });
});

test("a gap interrupts the line, and a lonely value is a dot", () => {
  expect(sparkPaths([4, null, 4, 4], 90, 10)).toEqual({ line: "M0 2h0.01M60 2L90 2", area: "M60 10L60 2L90 2L90 10Z" });
});

test("without any value nothing is drawn", () => {
  expect(sparkPaths([null, null], 10, 10)).toEqual({ line: "", area: "" });
  expect(sparkPaths([], 10, 10)).toEqual({ line: "", area: "" });
});

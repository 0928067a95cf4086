import { expect, test } from "vitest";
import { formatBudget, formatRate, formatShare, objectiveText, percentileName } from "./slo-text.ts";

test("a share is never rounded up to what it is not", () => {
  expect([0.99, 0.9995, 0.99999, 0.966191, 1, 0].map((share) => formatShare(share))).toEqual(["99%", "99.95%", "99.99%", "96.61%", "100%", "0%"]);
  expect(formatShare(0.99999, 3)).toBe("99.999%");
});

test("a budget may be overdrawn", () => {
  expect([1, 0.3238, 0.0412, 0, -0.14, -13.4].map(formatBudget)).toEqual(["100%", "32%", "4.1%", "0%", "−14%", "−13×"]);
});

test("objectives read as sentences", () => {
  expect(objectiveText({ indicator: { kind: "latency", threshold_ms: 4000 }, target: 0.95 })).toBe("95% of traces within 4.00 s (p95)");
  expect(objectiveText({ indicator: { kind: "ttft", threshold_ms: 800 }, target: 0.995 })).toBe("99.5% of first tokens within 800 ms");
  expect(objectiveText({ indicator: { kind: "error_rate" }, target: 0.999 })).toBe("99.9% of traces without an error");
  expect([0.5, 0.95, 0.99, 0.999].map(percentileName)).toEqual(["p50", "p95", "p99", undefined]);
  expect([0, 1, 14.4, 250.2].map(formatRate)).toEqual(["0×", "1×", "14.4×", "250×"]);
});

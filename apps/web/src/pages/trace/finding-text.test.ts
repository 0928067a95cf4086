import { expect, test } from "vitest";
import { diagnosticTitle, findFinding, findingKey } from "./finding-text.ts";

const loop = {
  name: "loop",
  severity: "warning" as const,
  sentence: "search_flights was called three times with the same result.",
  agent: null,
  tool: "search_flights",
  span_ids: ["00000000000000a1", "00000000000000a2"],
  occurrences: 3,
  wasted_ms: 1200,
  wasted_usd: null,
};

test("a diagnostic is named in words", () => {
  expect(diagnosticTitle("useless_retry")).toBe("Useless retry");
  expect(diagnosticTitle("loop")).toBe("Loop");
});

test("two findings of one name are told apart by the span they begin with", () => {
  const other = { ...loop, span_ids: ["00000000000000b1"] };
  expect(findFinding([loop, other], findingKey(other))).toBe(other);
  expect(findFinding([loop, other], "loop-gone")).toBeUndefined();
  expect(findFinding([loop], undefined)).toBeUndefined();
});

test("a finding without spans has a key too", () => {
  const bare = { ...loop, span_ids: [] };
  expect(findFinding([bare], findingKey(bare))).toBe(bare);
});

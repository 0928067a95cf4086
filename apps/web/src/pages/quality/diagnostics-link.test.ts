import { parseFilter } from "@telltale/model/filter";
import { expect, test } from "vitest";
import { diagnosticsLink } from "./diagnostics-link.ts";

test.each([
  ["diagnostic", "loop", "diagnostic = 'loop'"],
  ["agent", "it's me", "agent = 'it''s me' AND diagnostic IS NOT NULL"],
  ["tool", "search", "tool = 'search' AND diagnostic IS NOT NULL"],
] as const)("a row by %s leads to its traces, in the filter language", (groupBy, value, filter) => {
  const link = diagnosticsLink(groupBy, value);
  expect(link).toMatchObject({ to: "/traces", search: { q: filter } });
  expect(() => parseFilter(filter)).not.toThrow();
});

test("findings that name none lead nowhere", () => {
  expect(diagnosticsLink("tool", null)).toBeUndefined();
});

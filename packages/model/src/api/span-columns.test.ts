import { expect, test } from "vitest";
import { columnSpans } from "./column-spans.ts";
import { SpanColumns } from "./span-columns.ts";

const unknown = { values: [], at: [] };
const none: SpanColumns = SpanColumns.parse(
  Object.fromEntries(
    Object.entries(SpanColumns.shape).map(([key, schema]) => [key, key === "first_start" ? null : schema.safeParse(unknown).success ? unknown : []]),
  ),
);

test("a column that is not there means its default", () => {
  const [span] = columnSpans({ ...none, span_id: ["a"] });
  expect(span).toMatchObject({ span_id: "a", parent_span_id: null, counted: true, noise: false, cost_source: "none", cost_usd: null, duplicate_of: null });
  expect(span?.usage.input_tokens).toBeNull();
});

test("rows are read across the columns; no text is null, zero is zero", () => {
  const [first, second] = columnSpans({
    ...none,
    span_id: ["a", "b"],
    parent_span_id: { values: ["", "a"], at: [0, 1] },
    kind: { values: ["TOOL"], at: [] },
    input_tokens: [null, 0],
    counted: [true, false],
    duplicate_of: { values: ["t:a", ""], at: [1, 0] },
  });
  expect(first).toMatchObject({ parent_span_id: null, kind: "TOOL", counted: true, duplicate_of: null });
  expect(second).toMatchObject({ parent_span_id: "a", kind: "TOOL", counted: false, duplicate_of: { trace_id: "t", span_id: "a" } });
  expect(second?.usage.input_tokens).toBe(0);
});

test.each([
  ["2026-11-25T09:00:00.999000000Z", 1, "2026-11-25T09:00:01.000Z"],
  ["2026-11-25T09:00:00.999000000Z", 0.000001, "2026-11-25T09:00:00.999000001Z"],
  ["2026-11-25T09:00:00.100000000Z", 86_400_000.25, "2026-11-26T09:00:00.100250Z"],
  ["2026-11-25T09:00:00Z", 0, "2026-11-25T09:00:00.000Z"],
])("%s and %d ms is %s", (first_start, ms, expected) => {
  expect(columnSpans({ ...none, first_start, span_id: ["a"], start_ms: [ms] })[0]?.start_time).toBe(expected);
});

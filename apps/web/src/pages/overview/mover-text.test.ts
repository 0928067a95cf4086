import type { MoverOut } from "@telltale/model/api";
import { expect, test } from "vitest";
import { moverText, moverTraces } from "./mover-text.ts";

const bad: MoverOut = {
  metric: "error_rate",
  aggregation: "avg",
  field: "version",
  value: "v2.4.0",
  now: 0.081,
  before: 0.02,
  compared_with: "all",
  predecessor: null,
  contribution: 0.62,
  n: 412,
  n_before: 0,
};

test("says what moved, by how much, what it did to the total, and on how many traces that rests", () => {
  expect(moverText(bad, 824)).toEqual({
    field: "version",
    value: "v2.4.0",
    metric: "error rate",
    before: "2%",
    now: "8.1%",
    effect: "+62% failed traces",
    basis: "412 traces, 0 before; too few before, so compared with all traces of the period before",
    tone: "bad",
  });
  expect(moverText({ ...bad, metric: "latency_ms", now: 900, before: 1800, contribution: -0.1, compared_with: "itself" }, 824)).toMatchObject({
    metric: "p95 latency",
    before: "1.80 s",
    now: "900 ms",
    effect: "50% of traces",
    tone: "good",
  });
  expect(moverText({ ...bad, field: "prompt", compared_with: "predecessor", predecessor: "reply/1" }, 824).basis).toBe(
    "412 traces, 0 before; too few before, so compared with reply/1",
  );
  expect(moverText({ ...bad, metric: "trace_count", value: "unknown" }, 824)).toMatchObject({ value: "no version", tone: "neutral" });
});

test("leads to the traces that show it, inside the filter of the page", () => {
  expect(moverTraces(bad, "user = 'a'")).toEqual({ filter: "user = 'a' AND version = 'v2.4.0' AND status = 'ERROR'", sort: undefined });
  expect(moverTraces({ ...bad, now: 0.01 }, "")).toEqual({ filter: "version = 'v2.4.0'", sort: undefined });
  expect(moverTraces({ ...bad, metric: "cost_usd", field: "model", value: "unknown" }, "")).toEqual({ filter: "model IS NULL", sort: "-cost_usd" });
});

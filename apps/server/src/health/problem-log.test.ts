import { expect, test } from "vitest";
import { ProblemLog } from "./problem-log.ts";

test("the same mistake is one problem with a count, the latest first", () => {
  let nowMs = 1000;
  const log = new ProblemLog(() => nowMs);
  log.refused({ route: "/v1/traces", code: "body_malformed", message: "first", client: "a" });
  nowMs = 2000;
  log.refused({ route: "/v1/logs", code: "body_malformed", message: "other" });
  nowMs = 3000;
  log.refused({ route: "/v1/traces", code: "body_malformed", message: "second", client: "b" });
  expect(log.problems()).toMatchObject([
    { route: "/v1/traces", count: 2, message: "second", client: "b", first_at: "1970-01-01T00:00:01.000Z", at: "1970-01-01T00:00:03.000Z" },
    { route: "/v1/logs", count: 1, client: null },
  ]);
  expect(log.totals).toMatchObject({ requests: 3, rejectedRequests: 3, refusedOverload: 0 });
});

test("overload is counted apart: nothing is wrong with the request", () => {
  const log = new ProblemLog();
  log.refused({ route: "/v1/traces", code: "overloaded", message: "later" });
  expect(log.totals).toMatchObject({ rejectedRequests: 0, refusedOverload: 1 });
});

test("never grows without a bound, and keeps no long text", () => {
  const log = new ProblemLog();
  for (let index = 0; index < 1000; index += 1) {
    log.refused({ route: `/r${index}`, code: "x", message: "m".repeat(10_000), client: `c${index}${"x".repeat(10_000)}` });
    log.received("traces", `client ${index}`, { accepted: 2, rejected: 1 });
  }
  expect(log.problems()).toHaveLength(200);
  expect(log.problems()[0]?.message).toHaveLength(500);
  expect(log.clients()).toHaveLength(100);
  expect(log.totals).toMatchObject({ requests: 2000, spans: 2000, rejectedSpans: 1000 });
});

import { afterEach, beforeEach, expect, test } from "vitest";
import type { Assessment } from "@telltale/model";
import { traceColumns } from "@telltale/model/api";
import { appUnderTest, type AppUnderTest } from "../app-under-test.ts";
import { fakeTrace } from "../fake-store.ts";

const ID = "0123456789abcdef0123456789abcdef";
let under: AppUnderTest;
beforeEach(async () => {
  under = await appUnderTest();
});
afterEach(() => under.app.close());

const ask = (payload: object) => under.app.inject({ method: "POST", url: "/api/v1/traces/export", payload });
const hex = (index: number): string => index.toString(16).padStart(32, "0");

/** A store whose pages go on: the cursor is the number of traces already given. */
function pagedStore(total: number): void {
  under.store.questions.searchTraces = async (query) => {
    under.store.queries.push(query);
    const from = Number(query.cursor ?? 0);
    const to = Math.min(total, from + query.limit);
    return { traces: Array.from({ length: to - from }, (_, index) => fakeTrace(hex(from + index))), nextCursor: to < total ? String(to) : null };
  };
  under.store.questions.countTraces = async () => ({ count: total, partial: false });
}

test("the columns asked for, in their order; unknown is empty, formulas are text, commas are quoted", async () => {
  under.store.traces.set(
    ID,
    fakeTrace(ID, { userId: '=HYPERLINK("x")', inputPreview: "a, b\nc", durationMs: 12.5, tags: new Map([["team", "-1"]]), models: ["a", "b"] }),
  );
  const answer = await ask({ columns: ["trace_id", "duration_ms", "cost_usd", "user", "input", "tags.team", "tags.none", "models"], bom: true });
  expect(answer.statusCode).toBe(200);
  expect(answer.headers).toMatchObject({
    "content-type": "text/csv; charset=utf-8; header=present",
    "content-disposition": 'attachment; filename="traces.csv"',
    "x-telltale-truncated": "false",
  });
  expect(answer.body).toBe(
    `\uFEFFtrace_id,duration_ms,cost_usd,user,input,tags.team,tags.none,models\r\n${ID},12.5,,"'=HYPERLINK(""x"")","a, b\nc",'-1,,a; b\r\n`,
  );
});

test("feedback is a column by name, or all of it", async () => {
  under.store.traces.set(ID, fakeTrace(ID));
  for (const [assessmentId, change] of Object.entries({
    one: { name: "helpful", valueJson: "false" },
    two: { name: "helpful", valueJson: '"partly"' },
    overridden: { name: "helpful", valueJson: "true", valid: false },
    failed: { name: "judge", error: { code: "timeout", message: "" } },
    wanted: { name: "answer", kind: "expectation" as const, valueJson: '"42"' },
  }))
    under.store.assessments.set(assessmentId, {
      kind: "feedback",
      valid: true,
      traceId: ID,
      assessmentId,
      metadata: new Map(),
      ...change,
    } as unknown as Assessment);
  const { body } = await ask({ columns: ["feedback.helpful", "feedback", "expectation.answer"] });
  expect(body.split("\r\n")[1]).toBe("false; partly,helpful: false; helpful: partly; judge: error timeout,42");
});

test("all columns when none are chosen, and a header when nothing matches", async () => {
  const answer = await ask({ filter: "status = 'ERROR'" });
  expect(answer.body).toBe(`${traceColumns.join(",")}\r\n`);
  expect(under.store.queries[0]).toMatchObject({ filter: { kind: "compare" } });
});

test("goes through all pages, and stops at the limit and says so", async () => {
  pagedStore(1_234);
  const whole = await ask({ columns: ["trace_id"] });
  expect(whole.body.trimEnd().split("\r\n").slice(1)).toEqual(Array.from({ length: 1_234 }, (_, index) => hex(index)));
  expect(whole.headers["x-telltale-truncated"]).toBe("false");
  for (const limit of [1, 500, 501, 1_233]) {
    const part = await ask({ columns: ["trace_id"], limit });
    expect(part.body.trimEnd().split("\r\n")).toHaveLength(limit + 1);
    expect(part.headers["x-telltale-truncated"]).toBe("true");
  }
  // More exports one after the other than may run at once: each gives its place back.
  expect((await ask({ columns: ["trace_id"], limit: 1_234 })).headers["x-telltale-truncated"]).toBe("false");
});

test("a page that fails cuts the file off: half of it is never taken for the whole", async () => {
  pagedStore(2_000);
  const search = under.store.questions.searchTraces;
  under.store.questions.searchTraces = async (query) => {
    if (query.cursor === "1000") throw new Error("the engine is gone");
    return search(query);
  };
  await expect(ask({ columns: ["trace_id"] })).rejects.toThrow();
});

test("more at once than may be are told to wait", async () => {
  let release = (): void => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  under.store.questions.searchTraces = async () => {
    await held;
    return { traces: [], nextCursor: null };
  };
  const waiting = Promise.all(Array.from({ length: 4 }, async () => ask({})));
  expect((await ask({})).statusCode).toBe(429);
  release();
  expect((await waiting).map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 200]);
});

test.each([
  [{ filter: "status = " }, undefined],
  [{ columns: ["password"] }, "body.columns.0"],
  [{ columns: [] }, "body.columns"],
  [{ limit: 100_001 }, "body.limit"],
  [{ cursor: "x" }, "body"],
  [{ from: "soon" }, "from"],
])("%j is refused", async (body, field) => {
  const answer = await ask(body);
  expect([answer.statusCode, answer.json().errors[0].field]).toEqual([400, field]);
});

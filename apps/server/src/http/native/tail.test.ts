import { get } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { appUnderTest, type AppUnderTest } from "../app-under-test.ts";
import { fakeTrace } from "../fake-store.ts";

let under: AppUnderTest;
let port: number;
beforeEach(async () => {
  under = await appUnderTest();
  await under.app.listen({ port: 0, host: "127.0.0.1" });
  port = (under.app.server.address() as AddressInfo).port;
});
afterEach(() => under.app.close());

interface Tail {
  text: () => string;
  ended: () => boolean;
  close: () => void;
}

/** Resolves when the stream is open and subscribed. */
function openTail(query = ""): Promise<Tail> {
  return new Promise((resolve, reject) => {
    let text = "";
    let ended = false;
    const request = get(`http://127.0.0.1:${port}/api/v1/traces/tail${query}`, (response) => {
      expect([response.statusCode, response.headers["content-type"]]).toEqual([200, "text/event-stream; charset=utf-8"]);
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
        if (text.includes(": connected")) resolve({ text: () => text, ended: () => ended, close: () => request.destroy() });
      });
      response.on("end", () => (ended = true));
    });
    request.on("error", reject);
  });
}

const emit = (ids: string[]) => {
  const traces = ids.map((id) => fakeTrace(id));
  for (const trace of traces) under.store.traces.set(trace.traceId, trace);
  for (const listener of under.store.listeners) listener(traces);
};

test("traces arrive as they change, once per tick, and leaving unsubscribes", async () => {
  const tail = await openTail();
  emit(["a".repeat(32)]);
  emit(["a".repeat(32), "b".repeat(32)]);
  await expect.poll(tail.text).toContain("event: traces");
  const event = /event: traces\ndata: (.*)\n\n/.exec(tail.text())?.[1] ?? "";
  expect(JSON.parse(event).data.map((trace: { trace_id: string }) => trace.trace_id)).toEqual(["a".repeat(32), "b".repeat(32)]);
  tail.close();
  await expect.poll(() => under.store.listeners.size).toBe(0);
});

test("a filter is asked of the store, for the traces that changed", async () => {
  const tail = await openTail(`?filter=${encodeURIComponent("status = 'OK'")}&project_ids=0`);
  emit(["c".repeat(32)]);
  await expect.poll(tail.text).toContain("c".repeat(32));
  expect(under.store.queries[0]).toMatchObject({ scope: { projectIds: ["0"] }, limit: 1, filter: { kind: "and" } });
  tail.close();
});

test("traces of other projects are not shown", async () => {
  const tail = await openTail("?project_ids=7");
  emit(["a".repeat(32)]);
  const other = fakeTrace("d".repeat(32), { projectId: "7" });
  for (const listener of under.store.listeners) listener([other]);
  await expect.poll(tail.text).toContain("d".repeat(32));
  expect(tail.text()).not.toContain("a".repeat(32));
  tail.close();
});

test("what does not fit is counted, never lost silently", async () => {
  const tail = await openTail();
  emit(Array.from({ length: 230 }, (_, index) => index.toString(16).padStart(32, "0")));
  await expect.poll(tail.text).toContain('event: dropped\ndata: {"count":30}');
  tail.close();
});

test("a wrong filter is a 400 before anything is streamed", async () => {
  const answer = await under.app.inject({ url: "/api/v1/traces/tail?filter=nonsense%20%3D" });
  expect([answer.statusCode, answer.json().title]).toEqual([400, "filter invalid"]);
});

test("viewers are bounded and the server still closes", async () => {
  const tails = await Promise.all(Array.from({ length: 20 }, () => openTail()));
  expect((await under.app.inject({ url: "/api/v1/traces/tail" })).statusCode).toBe(429);
  await under.app.close();
  await expect.poll(() => tails.every((tail) => tail.ended())).toBe(true);
});

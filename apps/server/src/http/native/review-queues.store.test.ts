import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import type { Assessment, Trace } from "@telltale/model";
import type { ReviewItemOut, ReviewQueueOut } from "@telltale/model/api";
import { type Metadata, openMetadata, type TraceQuestions } from "@telltale/store";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Command, Ingest } from "../../pipeline/ingest.ts";
import { appUnderTest } from "../app-under-test.ts";

const dir = mkdtempSync(join(tmpdir(), "telltale-review-"));
const ids = Array.from({ length: 60 }, (_, index) => index.toString(16).padStart(32, "0"));
const traces = ids.map((traceId) => ({ traceId, projectId: "0" }) as Trace);
/** The judge is unsure of the first ten. */
const scores = ids.map(
  (traceId, index) => ({ traceId, name: "polite", sourceType: "LLM_JUDGE", valid: true, valueJson: index < 10 ? "0.5" : "1.0" }) as Assessment,
);
let metadata: Metadata;
let app: FastifyInstance;
let written: Assessment[] = [];
let aheadMs = 0;

beforeAll(async () => {
  metadata = await openMetadata({ dataDir: dir }, { now: () => Date.now() + aheadMs });
  const questions = {
    searchTraces: async () => ({ traces, nextCursor: null }),
    findTraces: async (_scope: unknown, wanted: readonly string[]) => traces.filter((trace) => wanted.includes(trace.traceId)),
    assessmentsOf: async () => scores,
  } as unknown as TraceQuestions;
  const ingest = {
    apply: async (commands: readonly Command[]) =>
      void written.push(...commands.flatMap((command) => (command.type === "assessment" ? [command.assessment] : []))),
  } as unknown as Ingest;
  ({ app } = await appUnderTest({ reviewQueues: metadata.reviewQueues, questions, ingest }));
});
beforeEach(() => {
  written = [];
});
afterAll(async () => {
  await app.close();
  await metadata.close();
  rmSync(dir, { recursive: true });
});

async function call<T>(method: "GET" | "POST" | "PATCH" | "DELETE", path: string, body?: object): Promise<{ status: number; body: T }> {
  const response = await app.inject({ method, url: `/api/v1/review-queues${path}`, ...(body === undefined ? {} : { payload: body }) });
  return { status: response.statusCode, body: (response.payload === "" ? undefined : response.json()) as T };
}
let made = 0;
const newQueue = async (fields: object = {}): Promise<string> =>
  (await call<ReviewQueueOut>("POST", "", { name: `queue ${(made += 1)}`, label: "polite", ...fields })).body.id;
const sample = (count: number) => ({ sample: { count, from: "2026-11-01T00:00:00Z", to: "2026-11-25T00:00:00Z" } });

test("a drawn trace is labelled as feedback by a human, with its chance, and the queue says how far it is", async () => {
  const id = await newQueue();
  expect((await call("POST", `/${id}/items`, sample(20))).body).toEqual({ added: expect.closeTo(20, 0) });
  const { item } = (await call<{ item: ReviewItemOut }>("POST", `/${id}/next`, { reviewer: "ada" })).body;
  expect(ids.indexOf(item.trace_id)).toBeLessThan(10); // informative first
  const labelled = await call<ReviewItemOut>("POST", `/${id}/items/${item.trace_id}/label`, { reviewer: "ada", value: false, rationale: "It is rude." });
  expect(labelled.body).toMatchObject({ state: "done", reviewer: "ada", inclusion_probability: item.inclusion_probability });
  expect(written).toMatchObject([
    { traceId: item.trace_id, name: "polite", valueJson: "false", sourceType: "HUMAN", sourceId: "ada", rationale: "It is rude." },
  ]);
  expect(written[0]?.metadata.get("telltale.review.inclusion")).toBe(String(item.inclusion_probability));
  const { progress } = (await call<ReviewQueueOut>("GET", `/${id}`)).body;
  expect(progress).toMatchObject({ done: 1, skipped: 0 });
});

test("two reviewers get different traces; what one left open comes back to them, and to others after ten minutes", async () => {
  const id = await newQueue();
  await call("POST", `/${id}/items`, { trace_ids: ids.slice(0, 2) });
  const next = async (reviewer: string) => (await call<{ item: ReviewItemOut | null }>("POST", `/${id}/next`, { reviewer })).body.item?.trace_id;
  const [ada, bob] = [await next("ada"), await next("bob")];
  expect(new Set([ada, bob]).size).toBe(2);
  expect(await next("ada")).toBe(ada);
  expect(await next("eve")).toBeUndefined();
  aheadMs += 11 * 60_000;
  expect([ada, bob]).toContain(await next("eve"));
});

test("a second answer replaces the first, chosen traces carry no chance, and a skipped one is out", async () => {
  const id = await newQueue({ answer: { kind: "categories", values: ["good", "bad"] } });
  expect((await call("POST", `/${id}/items`, { trace_ids: [ids[0], `tr-${ids[1]}`] })).body).toEqual({ added: 2 });
  expect((await call("POST", `/${id}/items`, { trace_ids: [ids[0]] })).body).toEqual({ added: 0 });
  for (const value of ["good", "bad"]) await call("POST", `/${id}/items/${ids[0]}/label`, { reviewer: "ada", value });
  expect(new Set(written.map((assessment) => assessment.assessmentId)).size).toBe(1);
  expect(written[1]?.metadata.get("telltale.review.chosen")).toBe("true");
  await call("POST", `/${id}/items/tr-${ids[1]}/skip`, { reviewer: "ada" });
  const items = (await call<{ data: ReviewItemOut[] }>("GET", `/${id}/items`)).body.data;
  expect(Object.fromEntries(items.map((item) => [item.trace_id, item.state]))).toEqual({ [ids[0] ?? ""]: "done", [ids[1] ?? ""]: "skipped" });
  expect((await call("DELETE", `/${id}`)).status).toBe(204);
  expect((await call("GET", `/${id}`)).status).toBe(404);
});

test("what a queue cannot take is refused with one clear sentence", async () => {
  const id = await newQueue({ name: "strict" });
  expect((await call("POST", "", { name: "strict", label: "polite" })).status).toBe(409);
  expect((await call("POST", `/${id}/items`, {})).status).toBe(400);
  expect((await call("POST", `/${id}/items`, { trace_ids: ["f".repeat(32)] })).status).toBe(404);
  await call("POST", `/${id}/items`, { trace_ids: [ids[0]] });
  expect(await call("POST", `/${id}/items/${ids[0]}/label`, { reviewer: "ada", value: "maybe" })).toMatchObject({
    status: 400,
    body: { detail: '"maybe" is none of the answers of this queue' },
  });
  expect((await call("POST", `/${id}/items/${ids[5]}/label`, { reviewer: "ada", value: true })).status).toBe(404);
  expect((await call("GET", "/nonsense")).status).toBe(404);
  expect(written).toEqual([]);
});

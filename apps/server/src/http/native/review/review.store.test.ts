import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import type { Assessment, Trace } from "@telltale/model";
import type { ReviewEstimate, ReviewItemOut, ReviewQueueOut } from "@telltale/model/api";
import { type Metadata, openMetadata, type TraceQuestions, type VerdictCount } from "@telltale/store";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Command, Ingest } from "../../../pipeline/ingest.ts";
import { appUnderTest } from "../../app-under-test.ts";

const dir = mkdtempSync(join(tmpdir(), "telltale-review-"));
const ids = Array.from({ length: 60 }, (_, index) => index.toString(16).padStart(32, "0"));
const traces = ids.map((traceId) => ({ traceId, projectId: "0" }) as Trace);
/** The judge is unsure of the first ten. */
const scores = ids.map(
  (traceId, index) =>
    ({
      traceId,
      spanId: "",
      name: "polite",
      sourceType: "LLM_JUDGE",
      valid: true,
      metadata: new Map<string, string>(),
      valueJson: index < 10 ? "0.5" : "1.0",
    }) as Assessment,
);
let metadata: Metadata;
let app: FastifyInstance;
let written: Assessment[] = [];
let deleted: string[] = [];
let verdicts: VerdictCount[] = [];
let aheadMs = 0;

beforeAll(async () => {
  metadata = await openMetadata({ dataDir: dir }, { now: () => Date.now() + aheadMs });
  const questions = {
    searchTraces: async () => ({ traces, nextCursor: null }),
    findTraces: async (_scope: unknown, wanted: readonly string[]) => traces.filter((trace) => wanted.includes(trace.traceId)),
    assessmentsOf: async () => scores,
  } as unknown as TraceQuestions;
  const ingest = {
    readable: async () => true,
    apply: async (commands: readonly Command[]) => {
      written.push(...commands.flatMap((command) => (command.type === "assessment" ? [command.assessment] : [])));
      deleted.push(...commands.flatMap((command) => (command.type === "assessment_delete" ? [command.assessmentId] : [])));
    },
  } as unknown as Ingest;
  ({ app } = await appUnderTest({
    reviewQueues: metadata.reviewQueues,
    reviewItems: metadata.reviewItems,
    labelSchemas: metadata.labelSchemas,
    questions,
    ingest,
    countVerdicts: async () => verdicts,
  }));
});
beforeEach(() => {
  written = [];
  deleted = [];
});
afterAll(async () => {
  await app.close();
  await metadata.close();
  rmSync(dir, { recursive: true });
});

async function call<T>(method: "GET" | "POST" | "PATCH" | "DELETE", path: string, body?: object): Promise<{ status: number; body: T }> {
  const response = await app.inject({
    method,
    url: `/api/v1/review-queues${path}`,
    ...(body === undefined ? {} : { payload: body }),
  });
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
  expect(item.inclusion_probability).toBeGreaterThan(ids.indexOf(item.trace_id) < 10 ? 0.4 : 0.2); // informative ones more often
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

test("an answer is taken back with what was written, and the trace is the reviewer's again", async () => {
  const id = await newQueue();
  await call("POST", `/${id}/items`, { trace_ids: [ids[3]] });
  const { body } = await call<ReviewItemOut>("POST", `/${id}/items/${ids[3]}/label`, { reviewer: "ada", value: true });
  expect(await call("POST", `/${id}/items/${ids[3]}/reopen`, { reviewer: "ada" })).toMatchObject({
    body: { state: "pending", reviewer: null, assignee: "ada" },
  });
  expect(deleted).toEqual([body.assessment_id]);
  expect((await call<{ item: ReviewItemOut | null }>("POST", `/${id}/next`, { reviewer: "bob" })).body.item).toBeNull();
});

test("a queue of interesting traces takes the newest, and what is said of them never enters an estimate", async () => {
  const id = await newQueue({ purpose: "interesting" });
  expect((await call("POST", `/${id}/items`, sample(5))).body).toEqual({ added: 5 });
  const { item } = (await call<{ item: ReviewItemOut }>("POST", `/${id}/next`, { reviewer: "ada" })).body;
  expect(item).toMatchObject({ trace_id: ids[0], inclusion_probability: null });
  await call("POST", `/${id}/items/${item.trace_id}/label`, { reviewer: "ada", value: true });
  expect(written[0]?.metadata.get("telltale.review.chosen")).toBe("true");
  expect((await call<ReviewEstimate>("GET", `/${id}/estimate`)).body).toMatchObject({ kind: "none", ci_low: null, labels_needed: null });
});

test("the estimate is the scorer's corrected rate, or that of people where no scorer judged, with the labels that the wanted interval takes", async () => {
  const id = await newQueue({ half_width: 0.05, assignees: ["ada"] });
  await call("POST", `/${id}/items`, sample(20));
  const pair = (judge: string | undefined, human: string | undefined, n: number): VerdictCount => ({
    stepS: 0,
    judge,
    human,
    probability: 1,
    inclusion: 1,
    judgeFailed: false,
    traces: n,
  });
  verdicts = [pair("true", "true", 40), pair("true", "false", 5), pair("false", "false", 15), pair("true", undefined, 900), pair("false", undefined, 200)];
  const corrected = (await call<ReviewEstimate>("GET", `/${id}/estimate`)).body;
  expect(corrected).toMatchObject({ kind: "corrected", n_traces: 1160, n_labels: 60, half_width: 0.05 });
  expect(corrected.labels_needed).toBeGreaterThan(60);
  verdicts = [pair(undefined, "true", 45), pair(undefined, "false", 5)];
  const people = (await call<ReviewEstimate>("GET", `/${id}/estimate`)).body;
  expect(people).toMatchObject({ kind: "people", rate: 0.9, n_labels: 50 });
  expect(people.labels_needed).toBeGreaterThan(100);
});

test("the questions of label schemas are asked one after the other, and the trace is done with the last", async () => {
  const fields = { projectId: "0", type: "feedback", instruction: "How is it?", enableComment: false } as const;
  const tone = await metadata.labelSchemas.create({ ...fields, name: "tone", input: { kind: "categorical", options: ["warm", "rude"], multi_select: false } });
  const standard = (await metadata.labelSchemas.list("0")).at(-1);
  const id = await newQueue({ label: undefined, label_schema_ids: [tone.id, standard?.id] });
  expect((await call<ReviewQueueOut>("GET", `/${id}`)).body.questions.map(({ name }) => name)).toEqual(["tone", "Feedback"]);
  await call("POST", `/${id}/items`, { trace_ids: [ids[7]] });
  const answer = (value: unknown, question?: string) =>
    call<ReviewItemOut>("POST", `/${id}/items/${ids[7]}/label`, { reviewer: "ada", value, ...(question === undefined ? {} : { question }) });
  expect((await answer("purple")).status).toBe(400);
  expect((await answer("rude")).body.state).toBe("pending");
  expect((await answer("Too short.", "Feedback")).body.state).toBe("done");
  expect(written.map(({ name, valueJson }) => [name, valueJson])).toEqual([["tone", '"rude"'], ["Feedback", '"Too short."']]); // prettier-ignore
  await metadata.labelSchemas.remove(tone);
  expect((await call<ReviewQueueOut>("GET", `/${id}`)).body.label).toBe("Feedback"); // with none of its own left it asks all of the project
  expect((await call("POST", "", { name: "none", label_schema_ids: ["ls-0"] })).status).toBe(400);
});

import type { Assessment } from "@telltale/model";
import { ModelJudge } from "@telltale/score";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Aligner } from "../../scoring/aligner.ts";
import { AnchorKeeper } from "../../scoring/anchor-keeper.ts";
import { judgeModelFor } from "../../scoring/judge-models.ts";
import { RunnableScorers } from "../../scoring/runnable-scorer.ts";
import { scoringDeps } from "../../scoring-deps.ts";
import { SecretBox } from "../../secrets/secret-box.ts";
import { openStoredPipeline, type StoredPipeline } from "../../stored-pipeline.testing.ts";
import { appUnderTest } from "../app-under-test.ts";

const stars = JSON.stringify({
  instructions_judge_pydantic_data: {
    instructions: "How good is {{ outputs }}?",
    model: "openai:/m",
    feedback_value_type: { type: "number", minimum: 1, maximum: 5 },
  },
});
const code = JSON.stringify({ builtin_scorer_class: "ResponseLength", builtin_scorer_pydantic_data: { max_length: 10 } });
const HOUR_MS = 3_600_000;
const nowMs = Date.now();
let pipeline: StoredPipeline;
let app: FastifyInstance;
let projectId = "";

beforeAll(async () => {
  pipeline = await openStoredPipeline();
  const { engine, metadata, questions, ingest } = pipeline;
  const secrets = new SecretBox("test");
  const judge = new ModelJudge({
    modelFor: (uri) => judgeModelFor({ providers: metadata.providers, secrets, now: Date.now }, uri),
    record: async () => undefined,
    now: Date.now,
  });
  const runCode = async () => ({ kind: "failed" as const, message: "no code here" });
  const deps = { engine, metadata, questions, judge, client: judge, runCode, now: Date.now, log: () => {} };
  const scoring = { aligner: new Aligner(deps), anchors: new AnchorKeeper(deps, new RunnableScorers(deps)) };
  ({ app } = await appUnderTest({ ...scoringDeps(pipeline, { scoring, secrets, tryProvider: async () => undefined } as never), questions, ingest }));
  ({ id: projectId } = await metadata.projects.create({ name: "stars" }));
  await metadata.scorers.register(projectId, "stars", stars);
  await metadata.scorers.register(projectId, "short", code);
});
afterAll(async () => {
  await app.close();
  await pipeline.close();
});

async function call<T = Record<string, unknown>>(
  method: "GET" | "POST" | "PATCH" | "DELETE",
  path: string,
  body?: object,
): Promise<{ status: number; body: T }> {
  const response = await app.inject({ method, url: `/api/v1/scorers/${path}`, ...(body === undefined ? {} : { payload: body }) });
  return { status: response.statusCode, body: (response.payload === "" ? undefined : response.json()) as T };
}

const idOf = (n: number): string => (0x1000 + n).toString(16).padStart(32, "0");
/** Traces that began at `startMs`, each with what somebody says of it. */
async function send(startMs: number, said: readonly (readonly [n: number, value: number, by: { version?: number }])[]): Promise<void> {
  const startNs = BigInt(startMs) * 1_000_000n;
  const spans = [...new Set(said.map(([n]) => n))].map((n) => ({
    traceId: idOf(n), spanId: "00000000000000aa", name: "ask", startTimeUnixNano: String(startNs), endTimeUnixNano: String(startNs + 1_000_000n),
    attributes: [{ key: "output.value", value: { stringValue: `answer ${n}` } }],
  })); // prettier-ignore
  const body = Buffer.from(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }));
  await pipeline.ingest.traces({ body, format: "json", project: { experimentId: projectId }, route: "/v1/traces", client: "test" });
  await pipeline.ingest.readable();
  await pipeline.ingest.apply(
    said.map(([n, value, { version }]) => ({
      type: "assessment",
      assessment: {
        projectId, traceId: idOf(n), spanId: "", assessmentId: `a-${n}-${version ?? "ann"}`, name: "stars", kind: "feedback", valueJson: String(value), error: undefined,
        sourceType: version === undefined ? "HUMAN" : "LLM_JUDGE", sourceId: "ann", rationale: undefined, overrides: undefined, valid: true, createdMs: startMs, updatedMs: startMs,
        metadata: new Map(version === undefined ? [] : [["telltale.sampling.probability", "1"], ["mlflow.assessment.scorerVersion", String(version)]]),
      } satisfies Assessment,
    })),
  ); // prettier-ignore
  await pipeline.ingest.readable();
}

test("says in one sentence why a scorer cannot be aligned, or has nothing to show", async () => {
  expect((await call("GET", "stars/alignment")).body).toMatchObject({
    labels: 0,
    labels_needed: 30,
    problem: expect.stringContaining("label 30 more"),
    data: [],
  });
  expect(await call("POST", "stars/alignment", {})).toMatchObject({ status: 400, body: { detail: expect.stringContaining("label 30 more") } });
  expect(await call("POST", "short/alignment", {})).toMatchObject({ status: 400, body: { detail: expect.stringContaining("only judges can be aligned") } });
  for (const [method, path] of [
    ["POST", "stars/alignment/cancel"],
    ["POST", "stars/alignment/promote"],
    ["POST", "stars/alignment/discard"],
    ["GET", "stars/shadow?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z"],
    ["POST", "stars/anchors/run"],
    ["DELETE", "stars/anchors"],
    ["GET", "nobody/alignment"],
    ["GET", "stars/anchors?project_id=0"],
  ] as const)
    expect([path, (await call(method, path)).status]).toEqual([path, 404]);
  expect((await call("GET", "stars/anchors")).body).toEqual({ set: null, data: [] });
  expect(await call("POST", "stars/anchors", {})).toMatchObject({ status: 400, body: { detail: expect.stringContaining("label 20 more") } });
});

test("stars that people give pass from the middle of the judge's scale on, in alignment and in anchors", async () => {
  // Two stars are above 0.5, and a fail all the same.
  await send(
    nowMs - 5 * HOUR_MS,
    Array.from({ length: 40 }, (_, n) => [n, n % 2 === 0 ? 2 : 4, {}] as const),
  );
  const scorer = await pipeline.metadata.scorers.find(projectId, "stars");
  expect((await call("GET", "stars/alignment")).body).toMatchObject({ labels: 40 });
  expect(await call("POST", "stars/anchors", { interval_hours: 6 })).toMatchObject({ status: 201, body: { set: { anchors: 40, interval_hours: 6, next_run_at: null } } }); // prettier-ignore
  const anchors = await pipeline.metadata.anchors.anchors(scorer?.id ?? "");
  expect(anchors.filter(({ humanPass }) => humanPass)).toHaveLength(20);
  expect(await pipeline.metadata.anchors.find(scorer?.id ?? "")).toMatchObject({ threshold: 3 });
  expect(await call("PATCH", "stars/anchors", { interval_hours: 12 })).toMatchObject({ status: 200, body: { set: { interval_hours: 12 } } });
  expect(await call("POST", "stars/anchors/run")).toMatchObject({ status: 202, body: { set: { next_run_at: null } } });
  expect((await call("DELETE", "stars/anchors")).status).toBe(204);
  expect((await call("GET", "stars/anchors")).body).toEqual({ set: null, data: [] });
});

test("a window is held against the one before it by what one version said in each, at the threshold of the rate", async () => {
  await pipeline.metadata.scorers.register(projectId, "stars", stars.replace("How good", "How very good"));
  const judged = (from: number, count: number, value: (n: number) => number, version: number) =>
    Array.from({ length: count }, (_, n) => [from + n, value(n), { version }] as const);
  await send(
    nowMs - 3 * HOUR_MS,
    judged(100, 60, () => 4, 1),
  );
  await send(nowMs - HOUR_MS, [...judged(200, 60, (n) => (n % 2 === 0 ? 2 : 4), 2), ...judged(300, 30, () => 5, 1)]);
  const at = (ms: number): string => new Date(ms).toISOString();
  const { status, body } = await call("GET", `stars/attribution?from=${at(nowMs - 2 * HOUR_MS)}&to=${at(nowMs)}`);
  expect([status, body]).toMatchObject([
    200,
    { threshold: 3, before: { passes: 60, n: 60, version: 1 }, after: { passes: 30, n: 60, version: 2 }, cause: "unknown", input_mix: "not_measured", anchors: null },
  ]); // prettier-ignore
});

import type { ProjectScope } from "@telltale/model";
import { isSampled, type Judge, JudgeError, ModelJudge } from "@telltale/score";
import type { Metadata, StoredScorer, TraceQuestions } from "@telltale/store";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { RunningIngest } from "../pipeline/create-ingest.ts";
import { SecretBox } from "../secrets/secret-box.ts";
import { openStoredPipeline, type StoredPipeline } from "../stored-pipeline.testing.ts";
import { advanceBackfills } from "./backfill.ts";
import { estimateBackfill } from "./estimate-backfill.ts";
import { judgeModelFor } from "./judge-models.ts";
import { ScriptedProvider } from "./scripted-provider.testing.ts";
import { settleTraces } from "./settle-traces.ts";
import { type Scoring, startScoring } from "./start-scoring.ts";

let pipeline: StoredPipeline;
let engine: StoredPipeline["engine"];
let metadata: Metadata;
let questions: TraceQuestions;
let ingest: RunningIngest;
/** The clock of these tests begins four days ago: what they let pass must not lie in the future, where no span may begin. */
let aheadMs = -4 * 24 * 3_600_000;
const now = (): number => Date.now() + aheadMs;
let scoring: Scoring | undefined;
let judge: Judge;
let scope: ProjectScope;
let projectId: string;

beforeAll(async () => {
  pipeline = await openStoredPipeline(now);
  ({ engine, metadata, questions, ingest } = pipeline);
});
beforeEach(async () => {
  ({ id: projectId } = await metadata.projects.create({ name: `p${Math.random()}` }));
  scope = { projectIds: [projectId] };
  await settle();
});
afterAll(async () => {
  await scoring?.stop();
  await pipeline.close();
});

const deps = () => ({
  engine,
  metadata,
  questions,
  ingest,
  storedUpToNs: () => ingest.storedUpToNs(),
  isBusy: () => false,
  judge,
  client: { complete: () => Promise.reject(new Error("nothing is aligned here")) },
  runCode: async () => ({ kind: "failed" as const, message: "no code here" }),
  now,
  log: () => {},
});
async function settle(): Promise<number> {
  await ingest.readable();
  aheadMs += 11_000;
  return settleTraces(deps());
}
async function work(done: () => Promise<boolean>): Promise<void> {
  scoring = startScoring(deps());
  await expect.poll(done, { timeout: 15_000 }).toBe(true);
  await scoring.stop();
}

let traces = 0;
async function send(
  options: { answer?: string; session?: string; attributes?: Record<string, string>; traceId?: string; spanId?: string } = {},
): Promise<string> {
  traces += 1;
  const traceId = options.traceId ?? (traces + Math.floor(Math.random() * 1e9) * 1000).toString(16).padStart(32, "0");
  const startNs = BigInt(now()) * 1_000_000n;
  const attributes = {
    "openinference.span.kind": "CHAIN",
    "input.value": "What is the capital of France?",
    "output.value": options.answer ?? "Paris",
    ...(options.session === undefined ? {} : { "session.id": options.session }),
    ...options.attributes,
  };
  const span = {
    traceId,
    spanId: options.spanId ?? "00000000000000aa",
    parentSpanId: options.spanId === undefined ? "" : "00000000000000aa",
    name: "ask",
    startTimeUnixNano: String(startNs),
    endTimeUnixNano: String(startNs + 1_000_000n),
    attributes: Object.entries(attributes).map(([key, value]) => ({ key, value: { stringValue: value } })),
  };
  const body = Buffer.from(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }));
  await ingest.traces({ body, format: "json", project: { experimentId: projectId }, route: "/v1/traces", client: "test" });
  return traceId;
}

const scriptedProvider = {
  id: "p", name: "openai", kind: "openai_compatible", sealedKey: undefined, maskedKey: undefined, defaultModel: undefined, allowPrivate: true, isDefault: true, createdMs: 0, updatedMs: 0,
}; // prettier-ignore
const codeScorer = JSON.stringify({ builtin_scorer_class: "ResponseLength", builtin_scorer_pydantic_data: { max_length: 10 } });
const judgeScorer = JSON.stringify({
  instructions_judge_pydantic_data: { instructions: "Is {{ outputs }} right?", model: "openai:/m", feedback_value_type: { type: "boolean" } },
});
const sessionScorer = JSON.stringify({
  instructions_judge_pydantic_data: { instructions: "Was {{ conversation }} polite?", model: "openai:/m", feedback_value_type: { type: "boolean" } },
});
async function started(
  name: string,
  serialized: string,
  config: { sampleRate?: number; filter?: string; dailyBudgetUsd?: number } = {},
): Promise<StoredScorer> {
  const { id } = await metadata.scorers.register(projectId, name, serialized);
  return metadata.scorers.configure(id, { sampleRate: 1, ...config });
}
const reportOf = (scorer: StoredScorer) => metadata.scoreReports.of(scorer, 0, now() + 1);
const verdict = (costUsd = 0.001) => ({
  value: true,
  rationale: "it is",
  usage: { model: "openai:/m", inputTokens: 12, outputTokens: 3, costUsd, traceId: undefined, promptDigest: "d" },
});

test("a settled trace is scored once by every running scorer, also when spans of it come late", async () => {
  const scorer = await started("short", codeScorer);
  const short = await send({ answer: "Paris" });
  const long = await send({ answer: "It is Paris, of course" });
  expect(await settle()).toBe(2);
  await work(async () => (await reportOf(scorer)).scored === 2);
  await send({ traceId: short, spanId: "00000000000000bb" });
  expect(await settle()).toBe(0);
  await ingest.readable();
  const scores = await questions.assessmentsOf(scope, [short, long]);
  expect(scores.map((score) => [score.traceId, score.name, score.valueJson, score.sourceType]).toSorted()).toEqual(
    [
      [short, "short", '"yes"', "CODE"],
      [long, "short", '"no"', "CODE"],
    ].toSorted(),
  );
  expect(Object.fromEntries(scores[0]?.metadata ?? [])).toMatchObject({
    "mlflow.assessment.scorerName": "short",
    "mlflow.assessment.scorerVersion": "1",
    "telltale.sampling.probability": "1",
  });
});

test("a deleted trace is no longer one of those that were scored, and keeps what it cost", async () => {
  const scorer = await started("kept", codeScorer);
  const ids = [await send(), await send()];
  await settle();
  await work(async () => (await reportOf(scorer)).scored === 2);
  await ingest.apply([{ type: "traces_delete", projectId, traceIds: ids.slice(0, 1) }]);
  await ingest.readable();
  const report = await reportOf(scorer);
  expect(report).toMatchObject({ scored: 1, skipped: 1, failed: 0, waiting: 0 });
  expect(report.reasons).toEqual([{ state: "skipped", reason: "trace_deleted", count: 1 }]);
  await metadata.deletedTraces.forget("0", ids);
  expect(await reportOf(scorer)).toEqual(report);
});

test("only what the filter matches, the rate samples and no evaluation made is scored", async () => {
  const half = await started("half", codeScorer, { sampleRate: 0.5 });
  const filtered = await started("filtered", codeScorer, { filter: "session = 'vip'" });
  const all = await started("all", codeScorer);
  for (let n = 0; n < 40; n += 1) await send(n === 0 ? { session: "vip" } : {});
  await send({ attributes: { "mlflow.traceTag.telltale.source": "evaluation" } });
  await settle();
  const [a, b, c] = await Promise.all([reportOf(half), reportOf(filtered), reportOf(all)]);
  expect(a.waiting).toBeGreaterThan(8);
  expect(a.waiting).toBeLessThan(32);
  expect([b.waiting, c.waiting]).toEqual([1, 40]);
});

test("code in Python, which cannot run here, leaves no failure on the traces", async () => {
  const scorer = await started("shout", JSON.stringify({ name: "shout", call_source: "return outputs.isupper()", call_signature: "(outputs)" }));
  await send();
  expect(await settle()).toBe(0);
  expect(await reportOf(scorer)).toMatchObject({ waiting: 0, failed: 0 });
});

test("a judge that is away is asked again later; what it said once is written once", async () => {
  let calls = 0;
  judge = {
    ask: async () => {
      calls += 1;
      if (calls === 1) throw new JudgeError("rate_limited", "slow down", "transient", { retryAfterMs: 2_000 });
      return verdict();
    },
  };
  const scorer = await started("right", judgeScorer);
  const traceId = await send();
  await settle();
  await work(async () => (await reportOf(scorer)).reasons.some(({ reason }) => reason === "rate_limited"));
  expect(await questions.assessmentsOf(scope, [traceId])).toEqual([]);
  aheadMs += 60_000;
  await work(async () => (await reportOf(scorer)).scored === 1);
  await ingest.readable();
  const [score, ...others] = await questions.assessmentsOf(scope, [traceId]);
  expect(others).toEqual([]);
  expect(score).toMatchObject({ valueJson: "true", rationale: "it is", sourceType: "LLM_JUDGE", sourceId: "openai:/m" });
  expect(score?.metadata.get("mlflow.assessment.judgeCost")).toBe("0.001");
});

test("a failure is an error without a value, and a broken key pauses the scorer for everybody to see", async () => {
  judge = {
    ask: async () => {
      throw new JudgeError("invalid_answer", "the answer was not JSON", "permanent");
    },
  };
  const garbage = await started("garbage", judgeScorer);
  const traceId = await send();
  await settle();
  await work(async () => (await reportOf(garbage)).failed === 1);
  await ingest.readable();
  expect(await questions.assessmentsOf(scope, [traceId])).toMatchObject([{ valueJson: undefined, error: { code: "invalid_answer" } }]);

  judge = {
    ask: async () => {
      throw new JudgeError("unauthorized", "the key was refused", "scorer_broken");
    },
  };
  const broken = await started("broken", judgeScorer);
  await send();
  await settle();
  await work(async () => (await metadata.scorers.findById(broken.id))?.paused !== undefined);
  expect((await metadata.scorers.findById(broken.id))?.paused).toContain("the key was refused");
  expect((await reportOf(broken)).failed).toBe(0);
});

test("a worker that dies loses its lease, and the score is written once all the same", async () => {
  judge = { ask: async () => verdict() };
  const scorer = await started("right", judgeScorer);
  const traceId = await send();
  await settle();
  // A worker that wrote the score and died before it could say so.
  const [task] = await metadata.scoreWork.claim(10, 1_000);
  expect(task?.entityId).toBe(traceId);
  aheadMs += 2_000;
  await work(async () => (await reportOf(scorer)).scored === 1);
  await ingest.readable();
  expect(await questions.assessmentsOf(scope, [traceId])).toHaveLength(1);
});

test("the daily budget ends judging: nothing is asked beyond it, and it says so", async () => {
  let calls = 0;
  judge = {
    ask: async () => {
      calls += 1;
      return verdict(1);
    },
  };
  const scorer = await started("dear", judgeScorer, { dailyBudgetUsd: 1 });
  await send();
  await settle();
  await work(async () => (await reportOf(scorer)).scored === 1);
  for (let n = 0; n < 5; n += 1) await send();
  expect(await settle()).toBe(0);
  expect(calls).toBe(1);
});

test("a judge that talks garbage for a day loses no trace, writes no value and stays within its budget", async () => {
  const DAY_MS = 24 * 3_600_000;
  const provider = new ScriptedProvider();
  await provider.start();
  provider.script({ text: "lorem ipsum", inputTokens: 1_000, outputTokens: 200 });
  const endpoint = { ...scriptedProvider, baseUrl: `${provider.url}/v1` };
  const providers = { list: async () => [endpoint] } as never;
  judge = new ModelJudge({
    modelFor: (uri) => judgeModelFor({ providers, secrets: new SecretBox("test"), now }, uri),
    record: async () => undefined,
    now,
  });
  try {
    aheadMs += DAY_MS - (now() % DAY_MS); // a day begins
    const definition = { instructions: "Is {{ outputs }} right?", model: "openai:/gpt-4o-mini", feedback_value_type: { type: "boolean" } };
    const dailyBudgetUsd = 0.005;
    const scorer = await started("garbage", JSON.stringify({ instructions_judge_pydantic_data: definition }), { dailyBudgetUsd });
    const sent: string[] = [];
    const evening = now() + DAY_MS - 3_600_000;
    while (now() < evening) {
      for (let n = 0; n < 12; n += 1) sent.push(await send());
      await settle();
      await work(async () => (await reportOf(scorer)).waiting + (await reportOf(scorer)).running === 0);
      aheadMs += 4 * 3_600_000;
    }
    const report = await reportOf(scorer);
    const spent = (await metadata.scoreReports.spentSince(0)).get(scorer.id);
    expect(report).toMatchObject({ waiting: 0, running: 0, scored: 0 });
    expect(report.failed).toBeGreaterThan(3);
    expect(provider.asked).toHaveLength(report.failed * 2);
    expect(spent).toBeGreaterThan(0);
    expect(spent).toBeLessThanOrEqual(dailyBudgetUsd);
    await ingest.readable();
    expect((await questions.findTraces(scope, sent)).length).toBe(sent.length);
    const scores = await questions.assessmentsOf(scope, sent);
    expect(scores).toHaveLength(report.failed);
    expect(scores.every(({ valueJson, error }) => valueJson === undefined && error?.code === "invalid_answer")).toBe(true);
    expect((await metadata.scorers.findById(scorer.id))?.paused).toBeUndefined();

    // The next day has a budget of its own.
    aheadMs += DAY_MS - (now() % DAY_MS);
    await send();
    await settle();
    await work(async () => (await reportOf(scorer)).failed === report.failed + 1);
  } finally {
    provider.close();
  }
});

test("a session is scored when it has been quiet, and again when it has grown: the new score supersedes the old", async () => {
  judge = { ask: async () => verdict() };
  const scorer = await started("polite", sessionScorer);
  const first = await send({ session: "s1" });
  const second = await send({ session: "s1" });
  await settle();
  expect((await reportOf(scorer)).waiting).toBe(1);
  aheadMs += 300_000;
  await work(async () => (await reportOf(scorer)).scored === 1);
  await ingest.readable();
  const [before] = await questions.assessmentsOf(scope, [first, second]);
  expect(before).toMatchObject({ traceId: second, valid: true });
  expect(before?.metadata.get("mlflow.trace.session")).toBe("s1");

  const third = await send({ session: "s1" });
  await settle();
  aheadMs += 300_000;
  await work(async () => (await reportOf(scorer)).scored === 2);
  await ingest.readable();
  const all = await questions.assessmentsOf(scope, [first, second, third]);
  expect(all.map((score) => [score.traceId, score.valid, score.overrides])).toEqual([
    [second, false, undefined],
    [third, true, before?.assessmentId],
  ]);
});

test("what is said of a window is said of the traces that began in it, by the newest version", async () => {
  const scorer = await started("short", codeScorer);
  const before = now();
  await send();
  await send();
  aheadMs += 60_000;
  const between = now();
  await send();
  await settle();
  await work(async () => (await reportOf(scorer)).scored === 3);
  const of = async (which: StoredScorer, fromMs: number, toMs: number): Promise<number> => (await metadata.scoreReports.of(which, fromMs, toMs)).scored;
  expect([await of(scorer, before, between), await of(scorer, between, now())]).toEqual([2, 1]);
  const next = await metadata.scorers.register(projectId, "short", codeScorer.replace("10", "20"));
  expect([next.version, await of(next, before, now()), await of(scorer, before, now())]).toEqual([2, 0, 3]);
});

test("a backfill's estimate leaves out what has its score, and is what the backfill then adds", async () => {
  const ids: string[] = [];
  for (let n = 0; n < 30; n += 1) ids.push(await send(n < 20 ? { session: "vip" } : {}));
  await settle();
  const scorer = await started("half", codeScorer, { sampleRate: 0.5 });
  for (let n = 0; n < 10; n += 1) ids.push(await send({ session: "vip" }));
  await settle();
  const online = (await reportOf(scorer)).waiting;
  expect(online).toBe(ids.slice(30).filter((id) => isSampled(id, 0.5)).length);

  const signal = new AbortController().signal;
  const window = { fromNs: 0n, toNs: BigInt(now()) * 1_000_000n };
  const estimate = (rate: number, filter?: string) => estimateBackfill(deps(), scorer, { ...window, filter, rate }, signal);
  expect(await estimate(1)).toEqual({ matching: 40, isPartial: false, toScore: 40 - online });
  expect(await estimate(1, "session = 'vip'")).toEqual({ matching: 30, isPartial: false, toScore: 30 - online });
  expect(await estimate(1, "session = 'other'")).toEqual({ matching: 0, isPartial: false, toScore: 0 });
  // A lower rate picks some of the ten only: those are what it leaves out.
  const lower = ids.slice(30).filter((id) => isSampled(id, 0.2)).length;
  expect((await estimate(0.2)).toScore).toBe(Math.max(0, 8 - lower));

  await metadata.scoreOutbox.startBackfill({ scorerId: scorer.id, version: 1, ...window, filter: undefined, rate: 1 });
  while ((await advanceBackfills(deps())) > 0);
  expect((await reportOf(scorer)).waiting).toBe(40);
  expect((await metadata.scoreOutbox.backfills({ scorerId: scorer.id }))[0]).toMatchObject({ state: "done", traces: 40, added: 40 - online });
  expect(await metadata.scoreReports.backfill(scorer)).toEqual({ state: "done", fromNs: window.fromNs, toNs: window.toNs, added: 40 - online, ended: 0 });
  await work(async () => (await metadata.scoreReports.backfill(scorer))?.ended === 40 - online);
  expect(await metadata.scoreReports.backfill({ id: scorer.id, version: 2 })).toBeUndefined();
  expect((await estimate(1)).toScore).toBe(0);
});

test("a backfill of conversations is estimated in conversations", async () => {
  for (const session of ["a", "a", "a", "b", undefined]) await send(session === undefined ? {} : { session });
  await settle();
  const scorer = await started("polite", sessionScorer);
  const window = { fromNs: 0n, toNs: BigInt(now()) * 1_000_000n };
  expect(await estimateBackfill(deps(), scorer, { ...window, filter: undefined, rate: 1 }, new AbortController().signal)).toMatchObject({
    matching: 2,
    toScore: 2,
  });
  await metadata.scoreOutbox.startBackfill({ scorerId: scorer.id, version: 1, ...window, filter: undefined, rate: 1 });
  while ((await advanceBackfills(deps())) > 0);
  expect((await reportOf(scorer)).waiting).toBe(2);
});

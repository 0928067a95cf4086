import type { Assessment } from "@telltale/model";
import { halfOf, ModelJudge, type ModelClient } from "@telltale/score";
import { compareVersions, countVerdicts, deleteTraces, type StoredScorer } from "@telltale/store";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { SecretBox } from "../secrets/secret-box.ts";
import { openStoredPipeline, type StoredPipeline } from "../stored-pipeline.testing.ts";
import { Aligner } from "./aligner.ts";
import { AnchorKeeper } from "./anchor-keeper.ts";
import { judgeModelFor, PROVIDER_KEY } from "./judge-models.ts";
import { type Asked, type Reply, ScriptedProvider } from "./scripted-provider.testing.ts";
import { settleTraces } from "./settle-traces.ts";
import { RunnableScorers } from "./runnable-scorer.ts";
import { type Scoring, startScoring } from "./start-scoring.ts";

const GUIDELINE = "A curt answer is not kind.";
const provider = new ScriptedProvider();
const secrets = new SecretBox("test");
let pipeline: StoredPipeline;
let aheadMs = 0;
const now = (): number => Date.now() + aheadMs;
let judge: ModelJudge;
let scoring: Scoring | undefined;
let projectId = "";

beforeAll(async () => {
  await provider.start();
  pipeline = await openStoredPipeline(now);
  const { providers } = pipeline.metadata;
  await providers.create({ name: "openai", kind: "openai", baseUrl: `${provider.url}/v1`, sealedKey: secrets.seal("sk-1", PROVIDER_KEY), maskedKey: "sk", defaultModel: "gpt-4o-mini", allowPrivate: true, isDefault: true }); // prettier-ignore
  judge = new ModelJudge({ modelFor: (uri) => judgeModelFor({ providers, secrets, now }, uri), record: async () => undefined, now });
});
beforeEach(async () => {
  ({ id: projectId } = await pipeline.metadata.projects.create({ name: `p${Math.random()}` }));
});
afterAll(async () => {
  await scoring?.stop();
  await pipeline.close();
  provider.close();
});

const deps = (client: ModelClient = judge) => ({
  engine: pipeline.engine,
  metadata: pipeline.metadata,
  questions: pipeline.questions,
  ingest: pipeline.ingest,
  storedUpToNs: () => pipeline.ingest.storedUpToNs(),
  isBusy: () => false,
  judge,
  client,
  runCode: async () => ({ kind: "failed" as const, message: "no code here" }),
  now,
  log: () => {},
});

let sent = 0;
/** A trace whose answer is curt or kind, and what a person says of it. */
async function send(isCurt: boolean, label: boolean | undefined, userId = ""): Promise<string> {
  sent += 1;
  const traceId = (0x1000_0000 + sent).toString(16).padStart(32, "0");
  const startNs = BigInt(now()) * 1_000_000n;
  const attributes = {
    "openinference.span.kind": "CHAIN",
    "input.value": `question ${sent} about a parcel`,
    "output.value": isCurt ? `curt ${sent}` : `gladly ${sent}`,
    "user.id": userId,
  };
  const span = {
    traceId, spanId: "00000000000000aa", name: "ask", startTimeUnixNano: String(startNs), endTimeUnixNano: String(startNs + 1_000_000n),
    attributes: Object.entries(attributes).flatMap(([key, value]) => (value === "" ? [] : [{ key, value: { stringValue: value } }])),
  }; // prettier-ignore
  const body = Buffer.from(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }));
  await pipeline.ingest.traces({ body, format: "json", project: { experimentId: projectId }, route: "/v1/traces", client: "test" });
  if (label !== undefined) await pipeline.ingest.apply([{ type: "assessment", assessment: labelOf(traceId, label) }]);
  return traceId;
}

function labelOf(traceId: string, pass: boolean): Assessment {
  return {
    projectId, traceId, spanId: "", assessmentId: `a-${traceId}`, name: "kind", kind: "feedback", valueJson: String(pass), error: undefined, sourceType: "HUMAN", sourceId: "ann",
    rationale: pass ? undefined : "too curt", metadata: new Map(), overrides: undefined, valid: true, createdMs: now(), updatedMs: now(),
  }; // prettier-ignore
}

/** Until each half has `each` kind and `each` curt answers; labels say what is right. */
async function sendLabelled(each: number, userId = ""): Promise<void> {
  const counts = new Map<string, number>();
  for (let n = 0; n < 400 && [...counts.values()].filter((count) => count >= each).length < 4; n += 1) {
    const isCurt = n % 2 === 0;
    const half = halfOf({ sessionId: "", traceId: (0x1000_0000 + sent + 1).toString(16).padStart(32, "0") });
    const key = `${half} ${isCurt}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
    await send(isCurt, !isCurt, userId);
  }
  await pipeline.ingest.readable();
}

/** The answer under judgement: what stands in the last fence. */
const judgedIn = (asked: Asked): string => {
  const { messages } = asked.body as { messages: { content: string | { text: string }[] }[] };
  const content = messages.at(-1)?.content ?? "";
  const text = typeof content === "string" ? content : content.map((part) => part.text).join("");
  return text.slice(text.lastIndexOf("BEGIN "));
};
const verdict = (value: boolean): Reply => ({ text: JSON.stringify({ rationale: "because", value }), inputTokens: 100, outputTokens: 20 });
/** Passes everything until it knows the guideline; then `learned` says what becomes of curt answers. */
function judgeThatLearns(learned: (judged: string) => boolean): void {
  provider.answerWith((asked) => {
    if (asked.text.includes("You improve a judge")) return { text: JSON.stringify({ guidelines: [GUIDELINE] }) };
    return verdict(!asked.text.includes(GUIDELINE) || learned(judgedIn(asked)));
  });
}
async function judgeScorer(serialized?: string): Promise<StoredScorer> {
  const own = {
    instructions_judge_pydantic_data: { instructions: "Is {{ outputs }} kind?", model: "openai:/gpt-4o-mini", feedback_value_type: { type: "boolean" } },
  };
  return pipeline.metadata.scorers.register(projectId, "kind", serialized ?? JSON.stringify(own));
}
const newest = async (scorer: StoredScorer) => (await pipeline.metadata.alignments.list(scorer.id, 1))[0];

test("a judge learns from half of its labels, proves it on the other half, and goes live as a new version", async () => {
  const scorer = await judgeScorer();
  await sendLabelled(8);
  judgeThatLearns((judged) => !judged.includes("curt"));
  const aligner = new Aligner(deps());
  await aligner.start(scorer, 0.5);
  await aligner.settled();
  const run = await newest(scorer);
  expect(run).toMatchObject({ state: "done", error: undefined, version: 2, guidelines: [GUIDELINE], result: { decision: "live", broken: 0, failedAfter: 0 } });
  expect(run?.done).toBe(run?.total);
  // Every verdict and the guidelines were asked once, and what they cost counts into the scorer's day.
  expect(provider.asked).toHaveLength((run?.total ?? 0) + 1);
  expect(run?.costUsd).toBeGreaterThan(0);
  expect((await pipeline.metadata.scoreReports.spentSince(0)).get(scorer.id)).toBeCloseTo(run?.costUsd ?? 0, 12);
  const live = await pipeline.metadata.scorers.find(projectId, "kind");
  expect(live).toMatchObject({ version: 2, mode: "live", guidelines: [GUIDELINE], serialized: scorer.serialized });
  const memory = await pipeline.metadata.judgeMemories.of(scorer.id, 2);
  expect(memory?.examples.length).toBeGreaterThanOrEqual(8);
  // Nothing of the held-back half is remembered.
  expect(memory?.examples.filter((example) => halfOf(example) === "held_back")).toEqual([]);
}, 60_000);

test("a built-in judge is aligned like any other; one that cannot surely do better runs in the shadow and counts nowhere", async () => {
  const scorer = await judgeScorer(JSON.stringify({ builtin_scorer_class: "Safety", builtin_scorer_pydantic_data: { model: "openai:/gpt-4o-mini" } }));
  await sendLabelled(6);
  let mended = 0;
  provider.answerWith((asked) => {
    if (asked.text.includes("You improve a judge")) return { text: JSON.stringify({ guidelines: [GUIDELINE] }) };
    const isMended = asked.text.includes(GUIDELINE) && judgedIn(asked).includes("curt") && (mended += 1) <= 2;
    return { text: JSON.stringify({ rationale: "because", value: isMended ? "no" : "yes" }), inputTokens: 100, outputTokens: 20 };
  });
  scoring = startScoring(deps());
  await scoring.aligner.start(scorer, 0.5);
  await scoring.aligner.settled();
  expect(await newest(scorer)).toMatchObject({ state: "done", version: 2, result: { decision: "shadow", mended: 2, broken: 0 } });
  expect(await pipeline.metadata.scorers.find(projectId, "kind")).toMatchObject({ version: 1 });

  // What lies before is settled while nothing runs: only new traffic is scored.
  aheadMs += 11_000;
  await settleTraces(deps());
  await pipeline.metadata.scorers.configure(scorer.id, { sampleRate: 1 });
  const from = BigInt(now()) * 1_000_000n;
  const ids = [await send(true, undefined), await send(false, undefined)];
  provider.answerWith((asked) => ({ text: JSON.stringify({ rationale: "r", value: asked.text.includes(GUIDELINE) ? "no" : "yes" }) }));
  await pipeline.ingest.readable();
  aheadMs += 11_000;
  await settleTraces(deps());
  const reportOf = (version: number) => pipeline.metadata.scoreReports.of({ id: scorer.id, version }, 0, now() + 1);
  await expect.poll(async () => [(await reportOf(1)).scored, (await reportOf(2)).scored], { timeout: 20_000 }).toEqual([2, 2]);
  await pipeline.ingest.readable();
  const scores = (await pipeline.questions.assessmentsOf({ projectIds: [projectId] }, ids)).filter((score) => score.name === "kind");
  expect(scores.map((score) => [score.valueJson, score.valid, score.metadata.get("telltale.shadow")]).toSorted()).toEqual([
    ['"no"', false, "true"],
    ['"no"', false, "true"],
    ['"yes"', true, undefined],
    ['"yes"', true, undefined],
  ]);
  const window = { scope: { projectIds: [projectId] }, name: "kind", fromNs: from, toNs: BigInt(now()) * 1_000_000n };
  expect((await countVerdicts(pipeline.engine, window)).map(({ judge: said, traces }) => [said, traces])).toEqual([["yes", 2]]);
  expect(await compareVersions(pipeline.engine, { ...window, liveVersion: 1, shadowVersion: 2 })).toEqual([
    { live: "yes", shadow: "no", human: undefined, shadowFailed: false, traces: 2 },
  ]);

  await pipeline.metadata.scorers.endShadow(scorer.id, 2, "live");
  expect(await pipeline.metadata.scorers.find(projectId, "kind")).toMatchObject({ version: 2, mode: "live" });
  expect(await pipeline.metadata.scorers.shadows()).toEqual([]);
  await scoring.stop();
  scoring = undefined;
}, 60_000);

test("a run that was cut off goes on where it was, and asks nothing twice", async () => {
  const scorer = await judgeScorer();
  await sendLabelled(6);
  judgeThatLearns((judged) => !judged.includes("curt"));
  const first = new Aligner(deps({ complete: () => new Promise(() => {}) }));
  const { id } = await first.start(scorer, 0.5);
  await expect.poll(async () => (await pipeline.metadata.alignments.cases(id)).every((item) => item.before !== undefined), { timeout: 20_000 }).toBe(true);
  // It hangs in writing guidelines, and is left there as a killed process would leave it.
  const asked = provider.asked.length;
  const second = new Aligner(deps());
  await second.resume();
  await second.settled();
  expect(await newest(scorer)).toMatchObject({ id, state: "done", result: { decision: "live" } });
  const heldBack = (await pipeline.metadata.alignments.cases(id)).filter((item) => item.half === "held_back").length;
  expect(provider.asked).toHaveLength(asked + 1 + heldBack);
}, 60_000);

test("what cannot be aligned says so in one sentence", async () => {
  const scorer = await judgeScorer();
  await send(true, false);
  await pipeline.ingest.readable();
  const aligner = new Aligner(deps());
  await expect(aligner.start(scorer, 0.5)).rejects.toThrow(
    "at least 30 traces on which people said pass or fail under the name kind; there are 1, so label 29 more.",
  );
  const code = await pipeline.metadata.scorers.register(
    projectId,
    "short",
    JSON.stringify({ builtin_scorer_class: "ResponseLength", builtin_scorer_pydantic_data: { max_length: 10 } }),
  );
  await expect(aligner.start(code, 0.5)).rejects.toThrow("only judges can be aligned");

  await sendLabelled(6);
  provider.answerWith((asked) => verdict(!judgedIn(asked).includes("curt")));
  await aligner.start(scorer, 0.5);
  await aligner.settled();
  expect(await newest(scorer)).toMatchObject({ state: "failed", error: expect.stringContaining("there is nothing to align") });
  provider.answerWith(() => ({ status: 401 }));
  const other = await pipeline.metadata.scorers.register(projectId, "kind", scorer.serialized);
  await aligner.start(other, 0.5);
  await aligner.settled();
  expect(await newest(scorer)).toMatchObject({ state: "failed", version: undefined, error: expect.stringContaining("The judge cannot be asked") });
}, 60_000);

test("erasing a person takes what judges remember of them", async () => {
  const scorer = await judgeScorer();
  await sendLabelled(5, "ann");
  judgeThatLearns((judged) => !judged.includes("curt"));
  const aligner = new Aligner(deps());
  await aligner.start(scorer, 0.5);
  await aligner.settled();
  const of = { projectIds: [projectId], userId: "ann", traceIds: [] };
  expect(await pipeline.metadata.personalCopies.count({ ...of, userId: "bob" })).toBe(0);
  expect(await pipeline.metadata.personalCopies.count({ ...of, projectIds: ["0"] })).toBe(0);
  expect(await pipeline.metadata.personalCopies.remove(of)).toBeGreaterThan(20);
  expect(await pipeline.metadata.judgeMemories.of(scorer.id, 2)).toEqual({ guidelines: [GUIDELINE], examples: [] });
  expect(await pipeline.metadata.personalCopies.count({ projectIds: undefined, userId: "ann", traceIds: [] })).toBe(0);
}, 60_000);

test("who deletes a trace deletes what judges keep of it, in its project", async () => {
  const scorer = await judgeScorer();
  await sendLabelled(6);
  await new AnchorKeeper(deps(), new RunnableScorers(deps())).freeze(scorer, { intervalHours: 24 });
  const { anchors, deletedTraces } = pipeline.metadata;
  const before = (await anchors.anchors(scorer.id)).map(({ entityId }) => entityId);
  const [gone = "", ...kept] = before;
  await deletedTraces.forget("0", before);
  await pipeline.ingest.apply([{ type: "traces_delete", projectId, traceIds: [gone] }]);
  await pipeline.ingest.readable();
  expect((await anchors.anchors(scorer.id)).map(({ entityId }) => entityId)).toEqual(kept);
}, 60_000);

test("frozen traces are asked about on schedule and now, also when the traces are gone; they go with the person", async () => {
  const scorer = await judgeScorer();
  await sendLabelled(6, "ben");
  const keeper = new AnchorKeeper(deps(), new RunnableScorers(deps()));
  const { anchors } = pipeline.metadata;
  const { signal } = new AbortController();
  await keeper.freeze(scorer, { threshold: 0.5, intervalHours: 24 });
  const set = await anchors.find(scorer.id);
  const count = set?.count ?? 0;
  expect(count).toBeGreaterThanOrEqual(24);
  // As when their time is over.
  const frozen = (await anchors.anchors(scorer.id)).map(({ entityId }) => entityId);
  await deleteTraces(pipeline.engine, projectId, frozen, BigInt(now()) * 1_000_000n);

  provider.answerWith((asked) => verdict(!judgedIn(asked).includes("curt")));
  await keeper.runDue(signal);
  const [first] = await anchors.runs(scorer.id, 1);
  expect(first).toMatchObject({ state: "done", version: 1, falsePass: 0, falseFail: 0, failed: 0 });
  expect((first?.truePass ?? 0) + (first?.trueFail ?? 0)).toBe(count);
  expect((await pipeline.metadata.scoreReports.spentSince(0)).get(scorer.id)).toBeCloseTo(first?.costUsd ?? 0, 12);

  // Nothing is due before its time, and a stopped scorer is only asked when somebody asks.
  provider.answerWith(() => verdict(true));
  await keeper.runDue(signal);
  aheadMs += 25 * 3_600_000;
  await keeper.runDue(signal);
  expect(provider.asked).toHaveLength(0);
  await anchors.configure(scorer.id, { nextRunMs: 0 });
  await keeper.runDue(signal);
  expect((await anchors.runs(scorer.id, 1))[0]).toMatchObject({ state: "done", trueFail: 0, truePass: first?.truePass, falsePass: first?.trueFail });

  // A judge that gives nothing is no disagreement; a spent budget leaves the rest of a run for tomorrow.
  provider.answerWith(() => ({ text: "lorem ipsum" }));
  await anchors.configure(scorer.id, { nextRunMs: 0 });
  await keeper.runDue(signal);
  expect((await anchors.runs(scorer.id, 1))[0]).toMatchObject({ state: "done", failed: count, truePass: 0, falsePass: 0 });
  await pipeline.metadata.scorers.configure(scorer.id, { dailyBudgetUsd: 0 });
  await anchors.configure(scorer.id, { nextRunMs: 0 });
  await keeper.runDue(signal);
  expect((await anchors.runs(scorer.id, 1))[0]).toMatchObject({ state: "running", truePass: 0, failed: 0 });

  await pipeline.metadata.personalCopies.remove({ projectIds: undefined, userId: "ben", traceIds: [] });
  expect(await anchors.anchors(scorer.id)).toEqual([]);
}, 60_000);

import { afterAll, expect, test } from "vitest";
import type { ScoredTrace, Subject } from "../subject.ts";
import { runCodeScorer } from "./code-scorer.ts";
import { CodeSandbox } from "./sandbox.ts";

const sandbox = new CodeSandbox({ file: new URL("./sandbox-worker.dev.mjs", import.meta.url) });
afterAll(() => sandbox.stop());

const trace: ScoredTrace = {
  projectId: "0", traceId: "t", name: "ask", status: "ok", sessionId: "", userId: "", startMs: 0, durationMs: 12, costUsd: undefined, inputs: { q: "capital?" }, outputs: "Paris",
  request: "capital?", response: "Paris", expectations: new Map([["expected_response", "Paris"]]), retrievals: [], toolCalls: [], tools: [], spans: [], truncated: false,
}; // prettier-ignore
const subject: Subject = { level: "trace", trace };
const run = (source: string, timeMs = 2_000) =>
  runCodeScorer(source, subject, (code, given) => sandbox.run(code, given, { timeMs, memoryBytes: 16 * 1024 * 1024 }));
/** What code that never ends gets: it computes for all of it. */
const SHORT_MS = 300;

test.each([
  ["function score(t) { return t.response === t.expectations.expected_response }", [{ value: true }]],
  ["const score = (t) => ({ value: t.duration_ms / 2, rationale: `${t.name} took ${t.duration_ms} ms` })", [{ value: 6, rationale: "ask took 12 ms" }]],
  ["function score(t) { return [{ name: 'words', value: 1 }, { name: 'tone', value: 'calm', span_id: 's' }] }", [{ suffix: "words", value: 1 }, { suffix: "tone", spanId: "s" }]], // prettier-ignore
])("%s", async (source, scores) => {
  expect(await run(source)).toMatchObject({ kind: "scored", scores });
});

test("null is nothing to score, which is not a zero", async () => {
  expect(await run("function score() { return null }")).toEqual({ kind: "skipped", reason: "nothing_to_judge" });
});

test.each<[source: string, message: string, timeMs?: number]>([
  ["function score() { while (true) {} }", "longer than it may", SHORT_MS],
  ["function score() { const a = []; while (true) a.push(new Uint8Array(1 << 20)) }", "more memory"],
  ["function score(t) { return score(t) }", "stack"],
  ["function score() { return fetch('http://127.0.0.1/') }", "fetch"],
  ["function score() { return process.env }", "process"],
  ["function score() { return require('fs') }", "require"],
  ["function score() { return globalThis.constructor.constructor('return process')() }", "process"],
  ["function score(", "SyntaxError"],
  ["const x = 1", "no function score"],
  ["function score() { return { value: {} } }", "must return"],
  ["function score() {}", "returned nothing"],
  ["function score() { return 0 / 0 }", "returned NaN, which is no score"],
  ["function score() { return { value: Infinity } }", "returned Infinity"],
  ["async function score() { return true }", "must not be async"],
])("%s fails with one clear sentence", async (source, message, timeMs) => {
  const outcome = await run(source, timeMs);
  expect(outcome).toMatchObject({ kind: "failed", failure: "permanent", code: "code_failed" });
  expect(outcome.kind === "failed" ? outcome.message : "").toContain(message);
});

test("one piece of code sees nothing of another, and a hostile one does not stop the next", async () => {
  await run("globalThis.leak = 'secret'; Object.prototype.leak = 'secret'; function score() { return 1 }");
  await run("function score() { while (true) {} }", SHORT_MS);
  expect(await run("function score(t) { return String(globalThis.leak ?? t.leak) }")).toMatchObject({ scores: [{ value: "undefined" }] });
});

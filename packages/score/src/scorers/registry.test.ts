import { expect, test } from "vitest";
import type { Judge, Question } from "../judges/judge.ts";
import type { ScoreOutcome } from "../outcome.ts";
import type { BuiltInScorer } from "../scorer.ts";
import type { ScoredTrace, Subject } from "../subject.ts";
import { findScorer, scorers } from "./registry.ts";

/** `mlflow.genai.scorers` of 3.18. */
const ofMlflow = [
  "Completeness", "ConversationalGuidelines", "ConversationalRoleAdherence", "ConversationalSafety", "ConversationalToolCallEfficiency", "ConversationCompleteness",
  "Correctness", "Equivalence", "ExpectationsGuidelines", "Fluency", "Guidelines", "KnowledgeRetention", "PIIDetection", "RegexMatch", "RelevanceToQuery",
  "ResponseLength", "RetrievalGroundedness", "RetrievalRelevance", "RetrievalSufficiency", "Safety", "Summarization", "ToolCallCorrectness", "ToolCallEfficiency", "UserFrustration",
]; // prettier-ignore

const runCode = () => Promise.reject(new Error("no built-in scorer runs code"));
const SECRET = "the-content-of-the-trace";
const blank: ScoredTrace = {
  projectId: "0",
  traceId: "t",
  name: "ask",
  status: "ok",
  sessionId: "s",
  userId: "",
  startMs: 0,
  durationMs: 1,
  costUsd: undefined,
  inputs: undefined,
  outputs: undefined,
  request: "",
  response: "",
  expectations: new Map(),
  retrievals: [],
  toolCalls: [],
  tools: [],
  spans: [],
  truncated: false,
};
const full: ScoredTrace = {
  ...blank,
  inputs: { question: SECRET },
  outputs: SECRET,
  request: `${SECRET}?`,
  response: `${SECRET}!`,
  expectations: new Map<string, unknown>([
    ["expected_response", SECRET],
    ["guidelines", [SECRET]],
  ]),
  retrievals: [{ spanId: "r", query: "", documents: [{ id: "1", content: SECRET }, { id: "2", content: SECRET }] }], // prettier-ignore
  toolCalls: [{ spanId: "c", name: "search", arguments: { q: SECRET }, result: SECRET, failed: false }],
  tools: [{ name: "search", description: SECRET, parameters: { type: "object" } }],
  spans: [
    {
      spanId: "l", parentSpanId: "", name: "chat", kind: "LLM", status: "ok", statusMessage: "", startMs: 0, durationMs: 1, model: "m", toolName: "", agentName: "",
      inputs: `[{"role":"system","content":"${SECRET}"}]`, outputs: SECRET, costUsd: undefined,
    }, // prettier-ignore
  ],
};
const parametersOf: Record<string, object> = {
  Guidelines: { guidelines: "be polite" },
  ConversationalGuidelines: { guidelines: ["be polite"] },
  ResponseLength: { max_length: 5 },
  RegexMatch: { pattern: "^the" },
};

function subjectOf(scorer: BuiltInScorer, trace: ScoredTrace): Subject {
  return scorer.level === "trace" ? { level: "trace", trace } : { level: "session", session: { projectId: "0", sessionId: "s", turns: [trace, trace] } };
}

async function run(scorer: BuiltInScorer, trace: ScoredTrace): Promise<{ outcome: ScoreOutcome; asked: Question[] }> {
  const asked: Question[] = [];
  const judge: Judge = {
    ask: async (question) => {
      asked.push(question);
      const { answer } = question;
      const value = answer.kind === "number" ? answer.max : answer.kind === "boolean" ? true : (answer.values[0] ?? "");
      return { value, rationale: "so", usage: { model: "m", inputTokens: 1, outputTokens: 1, costUsd: 0.5, traceId: undefined, promptDigest: "" } };
    },
  };
  const outcome = await scorer.run(subjectOf(scorer, trace), parametersOf[scorer.name] ?? {}, { judge, runCode, signal: new AbortController().signal });
  return { outcome, asked };
}

test("every built-in scorer of MLflow is there by its name, and no name is there twice", () => {
  expect(ofMlflow.filter((name) => findScorer(name) === undefined)).toEqual([]);
  expect(new Set(scorers.map(({ name }) => name)).size).toBe(scorers.length);
});

test.each(scorers.map((scorer) => [scorer.name, scorer] as const))("%s says what it lacks instead of scoring nothing", async (_name, scorer) => {
  const { outcome, asked } = await run(scorer, blank);
  expect(outcome.kind).toBe("skipped");
  expect(asked).toEqual([]);
});

test.each(scorers.map((scorer) => [scorer.name, scorer] as const))("%s scores in its own vocabulary", async (_name, scorer) => {
  const { outcome, asked } = await run(scorer, full);
  if (outcome.kind !== "scored") throw new Error(JSON.stringify(outcome));
  for (const { value } of outcome.scores.filter((score) => score.suffix === undefined)) {
    const { vocabulary } = scorer;
    if (vocabulary.kind === "categories") expect(vocabulary.values).toContain(value);
    else expect(typeof value).toBe(vocabulary.kind);
  }
  expect(asked.length > 0).toBe(scorer.usesModel);
  expect(outcome.usage === undefined).toBe(!scorer.usesModel);
});

test.each(scorers.filter(({ usesModel }) => usesModel).map((scorer) => [scorer.name, scorer] as const))(
  "%s never puts content of a trace into its instructions, and names every exhibit in them",
  async (_name, scorer) => {
    const { asked } = await run(scorer, full);
    for (const { instructions, exhibits } of asked) {
      expect(instructions).not.toContain(SECRET);
      for (const { name } of exhibits) if (name !== "question" && name !== "tool_calls") expect(instructions).toContain(`<${name}>`);
    }
  },
);

test.each(scorers.map((scorer) => [scorer.name, scorer] as const))("%s says which of its parameters is wrong", (name, scorer) => {
  expect(scorer.problemOf(parametersOf[name] ?? {})).toBeUndefined();
  expect(scorer.problemOf("nonsense")).toContain(name);
});

test("each document of a retrieval is judged at its span, and what all judgements cost is added up", async () => {
  const scorer = findScorer("RetrievalRelevance");
  const { outcome } = await run(scorer as BuiltInScorer, full);
  expect(outcome).toMatchObject({
    kind: "scored",
    scores: [
      { value: "yes", spanId: "r", metadata: { chunk_index: "0" } },
      { value: "yes", spanId: "r", metadata: { chunk_index: "1" } },
      { suffix: "precision", value: 1 },
    ],
    usage: { inputTokens: 2, costUsd: 1 },
  });
});

const answering = (response: string, expected?: string): ScoredTrace => ({
  ...full,
  response,
  expectations: new Map(expected === undefined ? [] : [["expected_response", expected]]),
});
const valueOf = async (name: string, trace: ScoredTrace, parameters: object = {}): Promise<unknown> => {
  const outcome = await findScorer(name)?.run({ level: "trace", trace }, parameters, { judge: {} as Judge, runCode, signal: new AbortController().signal });
  return outcome?.kind === "scored" ? outcome.scores[0]?.value : outcome;
};

test.each([
  ["ResponseLength", "äöü", { max_length: 3 }, "yes"],
  ["ResponseLength", "𝒳𝒴𝒵", { max_length: 3 }, "yes"],
  ["ResponseLength", "one two three", { min_length: 4, unit: "words" }, "no"],
  ["RegexMatch", "Order 123", { pattern: "\\d+" }, "yes"],
  ["RegexMatch", "Order 123", { pattern: "\\d+", match_type: "fullmatch" }, "no"],
  ["RegexMatch", "ORDER", { pattern: "order", case_insensitive: true }, "yes"],
  ["PIIDetection", "Write to ada@example.org", {}, "no"],
  ["PIIDetection", "Card 4111 1111 1111 1111", {}, "no"],
  ["PIIDetection", "Card 4111 1111 1111 1112", {}, "yes"],
  ["PIIDetection", "Version 1.2.3, ISBN 978-3-16-148410-0", { pii_types: ["ip_address", "ssn", "email"] }, "yes"],
  ["PIIDetection", "Host 10.0.0.1", { pii_types: ["email"] }, "yes"],
  ["JSONValidity", '{"a": 1}', {}, "yes"],
  ["JSONValidity", "{a: 1}", {}, "no"],
  ["JSONValidity", '{"a": "x"}', { schema: { type: "object", properties: { a: { type: "number" } } } }, "no"],
])("%s of %j with %j is %s", async (name, answer, parameters, value) => {
  expect(await valueOf(name, answering(answer), parameters)).toBe(value);
});

test.each([
  ["ExactMatch", "It's Paris.", "it s paris", "yes"],
  ["ExactMatch", "Paris", "London", "no"],
  ["TokenF1", "the cat sat", "the cat sat down", 6 / 7],
  ["TokenF1", "no", "yes", 0],
  ["RougeL", "the cat sat on the mat", "the cat lay on a mat", 8 / 12],
  ["RougeL", "日本 語", "日本 語", 1],
])("%s of %j against %j is %s", async (name, answer, expected, value) => {
  expect(await valueOf(name, answering(answer, expected))).toEqual(typeof value === "number" ? expect.closeTo(value, 9) : value);
});

test.each([
  ["RegexMatch", { pattern: "(?=x)" }, "RE2"],
  ["RegexMatch", { pattern: "(" }, "pattern"],
  ["ResponseLength", {}, "min_length or max_length"],
  ["ResponseLength", { min_length: 5, max_length: 1 }, "larger"],
  ["JSONValidity", { schema: { type: "nonsense" } }, "JSON schema"],
  ["JSONValidity", { schema: { pattern: "(a+)+$" } }, "pattern"],
  ["PIIDetection", { pii_types: ["shoe_size"] }, "pii_types"],
])("%s with %j is refused: %s", (name, parameters, message) => {
  expect(findScorer(name)?.problemOf(parameters)).toContain(message);
});

test("a hostile pattern and a long answer take no time", async () => {
  const started = performance.now();
  await valueOf("RegexMatch", answering("a".repeat(50_000)), { pattern: "(a+)+$b" });
  await valueOf("PIIDetection", answering(`${"1 ".repeat(50_000)}${"a@".repeat(20_000)}`));
  expect(performance.now() - started).toBeLessThan(5_000);
});

import { ScorerDefinitionIn, ScorerStart, type BuiltInScorerOut } from "@telltale/model/api";
import { expect, test } from "vitest";
import { asksModel, definitionOf, nameFor, newDraft, newRun, runOf } from "./scorer-draft.ts";

const rest = { example: {}, instructions: null, scorecards: [], not_measured: "" };
const builtIns: BuiltInScorerOut[] = [
  {
    ...rest,
    class: "Safety",
    summary: "",
    level: "trace",
    needs: [],
    uses_model: true,
    vocabulary: {},
    parameters: { properties: { model: { type: "string" } } },
  },
  {
    ...rest,
    class: "RegexMatch",
    summary: "",
    level: "trace",
    needs: [],
    uses_model: false,
    vocabulary: {},
    parameters: { properties: { pattern: { type: "string" } }, required: ["pattern"] },
  },
];
const made = (change: Partial<typeof newDraft>) => definitionOf({ ...newDraft, ...change }, builtIns);

test("every kind becomes what the server takes", () => {
  const definitions = [
    made({ className: "Safety", model: " openai:/gpt-4o-mini " }),
    made({ className: "RegexMatch", parameters: { pattern: "\\d" }, model: "left over" }),
    made({ kind: "judge", instructions: "Is {{outputs}} kind?", answer: "categories", categories: "kind\nunkind\nkind\n" }),
    made({ kind: "judge", instructions: "How kind is {{outputs}}?", answer: "number" }),
    made({ kind: "code" }),
  ].map((one) => ("definition" in one ? ScorerDefinitionIn.parse(one.definition) : one));
  expect(definitions).toMatchObject([
    { kind: "builtin", class: "Safety", model: "openai:/gpt-4o-mini" },
    { kind: "builtin", class: "RegexMatch", parameters: { pattern: "\\d" } },
    { kind: "judge", answer: { kind: "categories", values: ["kind", "unkind"] } },
    { kind: "judge", answer: { kind: "number", min: 1, max: 5 } },
    { kind: "code", level: "trace" },
  ]);
  expect(definitions[1]).not.toHaveProperty("model");
});

test("what is missing is said", () => {
  expect(made({})).toEqual({ problem: "Choose what is scored" });
  expect(made({ className: "RegexMatch" })).toEqual({ problem: "Pattern is missing" });
  expect(made({ kind: "judge" })).toHaveProperty("problem");
  expect(made({ kind: "judge", instructions: "x", answer: "categories", categories: "one" })).toHaveProperty("problem");
  expect(made({ kind: "judge", instructions: "x", answer: "number", min: "5", max: "1" })).toHaveProperty("problem");
  expect(made({ kind: "code", source: " " })).toHaveProperty("problem");
});

test("judges and built-ins with a model cost money, code does not", () => {
  expect(asksModel({ ...newDraft, kind: "judge" }, builtIns)).toBe(true);
  expect(asksModel({ ...newDraft, className: "Safety" }, builtIns)).toBe(true);
  expect(asksModel({ ...newDraft, className: "RegexMatch" }, builtIns)).toBe(false);
  expect(asksModel({ ...newDraft, kind: "code" }, builtIns)).toBe(false);
});

test("a name is offered in the style of feedback", () => {
  expect(nameFor("ResponseLength")).toBe("response_length");
  expect(nameFor("PIIDetection")).toBe("pii_detection");
  expect(nameFor("TokenF1")).toBe("token_f1");
});

test("sampling is typed in percent, a budget may be left empty", () => {
  expect(runOf({ rate: "2,5", filter: " status = 'OK' ", budget: "5" })).toEqual({ run: { sample_rate: 0.025, filter: "status = 'OK'", daily_budget_usd: 5 } });
  const all = runOf(newRun);
  expect("run" in all ? ScorerStart.parse(all.run) : all).toEqual({ sample_rate: 1, daily_budget_usd: null });
  for (const rate of ["0", "101", "", "x"]) expect(runOf({ ...newRun, rate })).toHaveProperty("problem");
  expect(runOf({ ...newRun, budget: "-1" })).toHaveProperty("problem");
});

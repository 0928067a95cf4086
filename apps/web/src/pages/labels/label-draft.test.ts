import { LabelInput, type LabelSchemaOut } from "@telltale/model/api";
import { expect, test } from "vitest";
import { draftOf, emptyDraft, inputText, newLabelSchemaOf, problemOf } from "./label-draft.ts";

const inputs: LabelInput[] = [
  { kind: "pass_fail", positive_label: "Right", negative_label: "Wrong" },
  { kind: "categorical", options: ["a", "b"], multi_select: true },
  { kind: "numeric", min: 0, max: null },
  { kind: "text", max_length: 200 },
];

test.each(inputs)("%j survives being edited", (input) => {
  const schema = { name: "correct", type: "expectation", input, instruction: "Look", enable_comment: false } as LabelSchemaOut;
  const draft = draftOf(schema);
  expect(problemOf(draft)).toBeUndefined();
  expect(newLabelSchemaOf(draft, "0")).toEqual({ project_id: "0", name: "correct", type: "expectation", input, instruction: "Look", enable_comment: false });
});

test("says in a few words how it is answered", () => {
  expect(inputs.map(inputText)).toEqual(["Right or Wrong", "any of a, b", "a number, 0 at least", "a text of at most 200 characters"]);
});

test.each([
  [{ name: " " }, "Give it a name"],
  [{ pass: "Same", fail: " Same" }, "say the same"],
  [{ kind: "categorical" as const, options: " \n" }, "1 to 10"],
  [{ kind: "categorical" as const, options: "a\nb\n a" }, "twice"],
  [{ kind: "numeric" as const, min: "five" }, "are numbers"],
  [{ kind: "numeric" as const, min: "5", max: "5" }, "not below"],
  [{ kind: "text" as const, maxLength: "1.5" }, "whole number"],
])("%j cannot be saved", (change, problem) => {
  expect(problemOf({ ...emptyDraft, name: "x", ...change })).toContain(problem);
});

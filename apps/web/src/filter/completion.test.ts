import { expect, test } from "vitest";
import { complete, type FieldHint } from "./completion.ts";

const fields: FieldHint[] = [
  { name: "model", type: "string", summary: "model name" },
  { name: "has_error", type: "boolean", summary: "any span failed" },
  { name: "duration_ms", type: "number", summary: "wall time" },
  { name: "text", type: "text", summary: "words" },
  { name: "tags.", type: "string", summary: "a tag", prefix: true },
];
const values = (field: string) =>
  field === "model"
    ? [
        { value: "gpt-5", count: 12 },
        { value: "claude-opus-4-5", count: 3 },
      ]
    : [];
const labels = (text: string, cursor = text.length) => complete(text, cursor, fields, values).items.map((item) => item.label);

test("starts with the fields", () => {
  expect(labels("")).toEqual(["model", "has_error", "duration_ms", "text", "tags."]);
});

test("narrows as one types, and offers to search the word", () => {
  expect(labels("mod")).toEqual(["model", "Search “mod”"]);
  expect(labels("refund")).toEqual(["Search “refund”"]);
});

test("after a field come its operators", () => {
  expect(labels("duration_ms ")[0]).toBe(">");
  expect(labels("text ")).toEqual(["~"]);
  expect(labels("model NOT ")).not.toContain("model");
});

test("after an operator come the values that facets know, quoted", () => {
  const result = complete("model = gp", 10, fields, values);
  expect(result).toMatchObject({ from: 8, to: 10, items: [{ label: "gpt-5", insert: "'gpt-5' ", detail: "12" }] });
  expect(labels("has_error = ")).toEqual(["true", "false"]);
  expect(labels("model IN ('gpt-5', ")).toEqual(["gpt-5", "claude-opus-4-5"]);
});

test("after a value comes AND or OR, then fields again", () => {
  expect(labels("model = 'gpt-5' ")).toEqual(["AND", "OR"]);
  expect(labels("model = 'gpt-5' AND ")[0]).toBe("model");
});

test("completes in the middle of a text", () => {
  const text = "mo = 'x' AND has_error = true";
  expect(complete(text, 2, fields, values)).toMatchObject({ from: 0, to: 2, items: [{ label: "model" }, { kind: "search" }] });
});

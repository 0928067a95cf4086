import { expect, test } from "vitest";
import { complete, type FieldHint, withDiagnostics } from "./completion.ts";
import { fieldHints } from "./field-hints.ts";

const text = ["=", "!=", "IN", "NOT IN", "LIKE"];
const fields: FieldHint[] = [
  { name: "model", operators: text, summary: "model name", bare: false, prefix: false },
  { name: "has_error", operators: ["=", "!="], summary: "any span failed", values: ["true", "false"], bare: true, prefix: false },
  { name: "duration_ms", operators: [">", "<"], summary: "wall time", bare: true, prefix: false },
  { name: "text", operators: ["~"], summary: "words", bare: false, prefix: false },
  { name: "tags.", operators: text, summary: "a tag", bare: false, prefix: true },
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
  expect(complete("mo = 'x' AND has_error = true", 2, fields, values)).toMatchObject({ from: 0, to: 2, items: [{ label: "model" }, { kind: "search" }] });
});

test("the catalogue of the language can be completed", () => {
  expect(fieldHints.find((field) => field.name === "tags.")).toMatchObject({ prefix: true, bare: false });
  expect(complete("status = ", 9, fieldHints, () => []).items[0]).toMatchObject({ insert: "'OK' " });
  expect(complete("tags.team ", 10, fieldHints, () => []).items[0]?.label).toBe("=");
});

test("names the diagnostics the server knows, and says what they find", () => {
  const known = withDiagnostics(fieldHints, [{ name: "loop", summary: "goes round in circles" }]);
  const { items } = complete("diagnostic = ", 13, known, () => []);
  expect(items).toEqual([{ label: "loop", insert: "'loop' ", detail: "goes round in circles", kind: "value" }]);
});

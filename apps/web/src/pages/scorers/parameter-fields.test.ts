import { expect, test } from "vitest";
import { parametersOf, readFields } from "./parameter-fields.ts";

/** As `GET /scorers/built-in` says it, of several scorers put together. */
const schema = {
  type: "object",
  properties: {
    model: { type: ["string", "null"] },
    inference_params: { anyOf: [{ type: "object", additionalProperties: {} }, { type: "null" }] },
    guidelines: {
      anyOf: [
        { type: "string", minLength: 1 },
        { type: "array", items: { type: "string" } },
      ],
    },
    max_length: { anyOf: [{ type: "integer", minimum: 0 }, { type: "null" }] },
    unit: { default: "chars", type: "string", enum: ["chars", "words"] },
    case_insensitive: { default: false, type: "boolean" },
    should_consider_ordering: { type: ["boolean", "null"] },
    pattern: { type: "string", minLength: 1 },
    pii_types: { anyOf: [{ type: "array", items: { type: "string", enum: ["email", "phone"] } }, { type: "null" }] },
  },
  required: ["guidelines", "pattern"],
};
const fields = readFields(schema);

test("each parameter gets the field that fits it; the model is asked for elsewhere", () => {
  expect(Object.fromEntries(fields.map(({ name, kind }) => [name, kind]))).toEqual({
    inference_params: "json",
    guidelines: "lines",
    max_length: "integer",
    unit: "choice",
    case_insensitive: "boolean",
    should_consider_ordering: "boolean",
    pattern: "text",
    pii_types: "choices",
  });
  expect(fields.find(({ name }) => name === "unit")).toMatchObject({ options: ["chars", "words"], fallback: "chars", isRequired: false });
});

test("what was typed becomes parameters; what was left empty stays the scorer's own default", () => {
  const typed = {
    guidelines: "Be kind.\n\n Be short. ",
    pattern: "\\d+",
    max_length: "60",
    case_insensitive: "true",
    pii_types: "email\nphone",
    inference_params: '{"temperature":0}',
  };
  expect(parametersOf(fields, typed)).toEqual({
    parameters: {
      guidelines: ["Be kind.", "Be short."],
      pattern: "\\d+",
      max_length: 60,
      case_insensitive: true,
      pii_types: ["email", "phone"],
      inference_params: { temperature: 0 },
    },
  });
});

test("what is missing or no number is said", () => {
  expect(parametersOf(fields, { pattern: "x" })).toEqual({ problem: "Guidelines is missing" });
  expect(parametersOf(fields, { guidelines: "x", pattern: "x", max_length: "1.5" })).toEqual({ problem: "Max length is no number" });
  expect(parametersOf(fields, { guidelines: "x", pattern: "x", inference_params: "{" })).toEqual({ problem: "Model settings is no valid JSON" });
});

test("a schema without properties asks for nothing", () => {
  expect(readFields({ type: "object", properties: {} })).toEqual([]);
  expect(readFields(undefined)).toEqual([]);
});

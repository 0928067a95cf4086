import type { LabelInput, LabelSchemaOut } from "@telltale/model/api";
import { expect, test } from "vitest";
import { readLabel, schemaOf, typedOf } from "./label-value.ts";

const passFail: LabelInput = { kind: "pass_fail", positive_label: "Right", negative_label: "Wrong" };
const one: LabelInput = { kind: "categorical", options: ["a", "b", "c"], multi_select: false };
const several: LabelInput = { ...one, multi_select: true };
const stars: LabelInput = { kind: "numeric", min: 1, max: 5 };
const text: LabelInput = { kind: "text", max_length: null };

test.each<[LabelInput, string[], unknown]>([
  [passFail, ["pass"], true],
  [passFail, ["fail"], false],
  [one, ["b"], "b"],
  [several, ["c", "a"], ["a", "c"]],
  [stars, [" 5 "], 5],
  [text, ["{not json}"], "{not json}"],
])("%j reads %j as %j, and back", (input, typed, value) => {
  expect(readLabel(input, typed)).toEqual({ value });
  expect(readLabel(input, typedOf(input, value) ?? [])).toEqual({ value });
});

test.each([passFail, one, several, stars, text])("%j: nothing said is no value", (input) => {
  expect(readLabel(input, [])).toEqual({});
});

test.each(["0", "6", "five", "1e999"])("%s is none of one to five stars", (typed) => {
  expect(readLabel(stars, [typed])).toEqual({ problem: "It takes a number from 1 to 5" });
});

test("a label is edited by the schema that could have given it", () => {
  const schemas = [{ name: "tone", type: "feedback", input: one }] as LabelSchemaOut[];
  expect(schemaOf({ name: "tone", kind: "feedback", value: "a" }, schemas)).toBe(schemas[0]);
  expect(schemaOf({ name: "tone", kind: "feedback", value: "z" }, schemas)).toBeUndefined();
  expect(schemaOf({ name: "tone", kind: "expectation", value: "a" }, schemas)).toBeUndefined();
});

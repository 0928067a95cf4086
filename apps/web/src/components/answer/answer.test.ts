import type { LabelInput, ReviewAnswer } from "@telltale/model/api";
import { expect, test } from "vitest";
import { answerOf, optionsOf, readAnswer, typedOf } from "./answer.ts";

const passFail: ReviewAnswer = { kind: "boolean", pass: "Right", fail: "Wrong" };
const one: ReviewAnswer = { kind: "categories", values: ["a", "b", "c"] };
const several: ReviewAnswer = { ...one, multiple: true };
const stars: ReviewAnswer = { kind: "number", min: 1, max: 5 };
const text: ReviewAnswer = { kind: "text" };

test("pass and fail, categories and small scales are on keys; the rest is typed", () => {
  expect(optionsOf({ kind: "boolean", fail: "Rude" }).map(({ label, keys }) => [label, keys])).toEqual([["Pass", ["1", "y"]], ["Rude", ["2", "n"]]]); // prettier-ignore
  expect(optionsOf({ kind: "categories", values: ["warm", "cold"] }).map(({ typed, keys }) => [typed, keys])).toEqual([["warm", ["1"]], ["cold", ["2"]]]); // prettier-ignore
  expect(optionsOf(stars).map(({ keys }) => keys[0])).toEqual(["1", "2", "3", "4", "5"]);
  expect(optionsOf({ kind: "number", min: 0, max: 100 })).toEqual([]);
  expect(optionsOf(text)).toEqual([]);
});

test.each<[ReviewAnswer, string[], unknown]>([
  [passFail, ["pass"], true],
  [passFail, ["fail"], false],
  [one, ["b"], "b"],
  [several, ["c", "a"], ["a", "c"]],
  [stars, [" 5 "], 5],
  [text, ["{not json}"], "{not json}"],
])("%j reads %j as %j, and back", (answer, typed, value) => {
  expect(readAnswer(answer, typed)).toEqual({ value });
  expect(readAnswer(answer, typedOf(answer, value) ?? [])).toEqual({ value });
});

test.each([passFail, one, several, stars, text])("%j: nothing said is no value", (answer) => {
  expect(readAnswer(answer, [])).toEqual({});
  expect(readAnswer(answer, ["  "])).toEqual({});
});

test.each(["0", "6", "five", "1e999"])("%s is none of one to five stars", (typed) => {
  expect(readAnswer(stars, [typed])).toEqual({ problem: "It takes a number from 1 to 5" });
});

test("a text that is too long is said to be", () => {
  expect(readAnswer({ kind: "text", max_length: 3 }, ["long"])).toEqual({ problem: "It takes at most 3 characters" });
});

test.each<[LabelInput, ReviewAnswer]>([
  [{ kind: "pass_fail", positive_label: "Right", negative_label: "Wrong" }, passFail],
  [{ kind: "categorical", options: ["a", "b", "c"], multi_select: true }, several],
  [
    { kind: "numeric", min: 1, max: null },
    { kind: "number", min: 1 },
  ],
  [{ kind: "text", max_length: null }, text],
])("the schema %j asks for %j", (input, answer) => {
  expect(answerOf(input)).toEqual(answer);
});

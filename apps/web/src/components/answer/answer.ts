import type { LabelInput, ReviewAnswer, ReviewValue } from "@telltale/model/api";
import { formatCount } from "../../format/number.ts";

/** What was pressed or typed for an answer: the words of the buttons that are down, or one text. */
export type Typed = readonly string[];

export interface AnswerOption {
  label: string;
  /** What pressing it types. */
  typed: string;
  /** Keys that press it where one answers by keys; the first is shown. */
  keys: readonly string[];
  tone: "good" | "bad" | "plain";
}

/** The answer that a label schema asks for. */
export function answerOf(input: LabelInput): ReviewAnswer {
  switch (input.kind) {
    case "pass_fail":
      return { kind: "boolean", pass: input.positive_label, fail: input.negative_label };
    case "categorical":
      return { kind: "categories", values: input.options, multiple: input.multi_select };
    case "numeric":
      return { kind: "number", ...(input.min === null ? {} : { min: input.min }), ...(input.max === null ? {} : { max: input.max }) };
    case "text":
      return { kind: "text", ...(input.max_length === null ? {} : { max_length: input.max_length }) };
  }
}

/** Whether several of its options may be down at once. */
export function isSeveral(answer: ReviewAnswer): boolean {
  return answer.kind === "categories" && answer.multiple === true;
}

/** The answers that one press gives: pass and fail, categories, small whole numbers. Others are typed. */
export function optionsOf(answer: ReviewAnswer): AnswerOption[] {
  if (answer.kind === "boolean")
    return [
      { label: answer.pass ?? "Pass", typed: "pass", keys: ["1", "y"], tone: "good" },
      { label: answer.fail ?? "Fail", typed: "fail", keys: ["2", "n"], tone: "bad" },
    ];
  if (answer.kind === "categories")
    return answer.values.map((label, index) => ({ label, typed: label, keys: index < 9 ? [String(index + 1)] : [], tone: "plain" }));
  if (answer.kind === "number" && isScale(answer))
    return Array.from({ length: answer.max - answer.min + 1 }, (_, index) => {
      const label = String(answer.min + index);
      return { label, typed: label, keys: [label], tone: "plain" };
    });
  return [];
}

/** The value to write; neither while nothing was said, and a sentence for what the question does not take. */
export interface AnswerReading {
  value?: ReviewValue;
  problem?: string;
}

export function readAnswer(answer: ReviewAnswer, typed: Typed): AnswerReading {
  const first = typed[0] ?? "";
  if (first.trim() === "") return {};
  switch (answer.kind) {
    case "boolean":
      return { value: first === "pass" };
    case "categories":
      // In the order of the question, whatever was pressed first.
      return { value: isSeveral(answer) ? answer.values.filter((value) => typed.includes(value)) : first };
    case "text": {
      const most = answer.max_length ?? 10_000;
      return first.trim().length <= most ? { value: first.trim() } : { problem: `It takes at most ${formatCount(most)} characters` };
    }
    case "number": {
      const number = Number(first);
      const isWithin = Number.isFinite(number) && number >= (answer.min ?? -Infinity) && number <= (answer.max ?? Infinity);
      return isWithin ? { value: number } : { problem: `It takes a number${rangeText(answer)}` };
    }
  }
}

/** How a stored value is given again; undefined when the question does not take it. */
export function typedOf(answer: ReviewAnswer, value: unknown): Typed | undefined {
  switch (answer.kind) {
    case "boolean":
      return typeof value === "boolean" ? [value ? "pass" : "fail"] : undefined;
    case "number":
      return typeof value === "number" ? [String(value)] : undefined;
    case "text":
      return typeof value === "string" ? [value] : undefined;
    case "categories": {
      const chosen: readonly unknown[] = Array.isArray(value) ? value : [value];
      const options = answer.values.filter((option) => chosen.includes(option));
      return Array.isArray(value) === isSeveral(answer) && options.length === chosen.length ? options : undefined;
    }
  }
}

/** ` from 1 to 5`, `, 0 at least`: what follows "a number". */
export function rangeText({ min, max }: { min?: number | null | undefined; max?: number | null | undefined }): string {
  const [low, high] = [min ?? undefined, max ?? undefined];
  if (low !== undefined && high !== undefined) return ` from ${low} to ${high}`;
  return low !== undefined ? `, ${low} at least` : high !== undefined ? `, ${high} at most` : "";
}

/** Every whole number of it is on one key. */
function isScale(answer: { min?: number | undefined; max?: number | undefined }): answer is { min: number; max: number } {
  const { min, max } = answer;
  return min !== undefined && max !== undefined && Number.isInteger(min) && Number.isInteger(max) && min >= 0 && max <= 9 && max > min;
}

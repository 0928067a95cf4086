import type { ReviewAnswer, ReviewValue } from "@telltale/model/api";

export interface AnswerOption {
  label: string;
  value: ReviewValue;
  /** Keys that give it; the first is shown. */
  keys: readonly string[];
  tone: "good" | "bad" | "plain";
}

/** The answers that one press gives: pass and fail, categories, small whole numbers. Others are typed. */
export function optionsOf(answer: ReviewAnswer): AnswerOption[] {
  if (answer.kind === "boolean")
    return [
      { label: answer.pass ?? "Pass", value: true, keys: ["1", "y"], tone: "good" },
      { label: answer.fail ?? "Fail", value: false, keys: ["2", "n"], tone: "bad" },
    ];
  if (answer.kind === "categories")
    return answer.values.map((label, index) => ({ label, value: label, keys: index < 9 ? [String(index + 1)] : [], tone: "plain" }));
  if (answer.kind === "number" && isScale(answer))
    return Array.from({ length: answer.max - answer.min + 1 }, (_, index) => {
      const value = answer.min + index;
      return { label: String(value), value, keys: [String(value)], tone: "plain" };
    });
  return [];
}

/** What was typed for an answer without buttons; `undefined` while it is none. */
export function typedValue(answer: ReviewAnswer, typed: string): ReviewValue | undefined {
  const text = typed.trim();
  if (text === "") return undefined;
  if (answer.kind === "text") return text.length <= (answer.max_length ?? 10_000) ? text : undefined;
  const number = Number(text);
  if (answer.kind !== "number" || !Number.isFinite(number)) return undefined;
  return number >= (answer.min ?? -Infinity) && number <= (answer.max ?? Infinity) ? number : undefined;
}

/** Every whole number of it is on one key. */
function isScale(answer: { min?: number | undefined; max?: number | undefined }): answer is { min: number; max: number } {
  const { min, max } = answer;
  return min !== undefined && max !== undefined && Number.isInteger(min) && Number.isInteger(max) && min >= 0 && max <= 9 && max > min;
}

import { TelltaleError } from "@telltale/model";
import type { ReviewAnswer, ReviewValue } from "@telltale/model/api";

/** Throws `bad_request` for a question that nobody could answer. */
export function assertAnswerOf(answer: ReviewAnswer): void {
  if (answer.kind === "number" && answer.min !== undefined && answer.max !== undefined && answer.min >= answer.max)
    throw new TelltaleError("bad_request", `The smallest number (${answer.min}) is not below the largest (${answer.max})`, { field: "answer" });
  if (answer.kind === "boolean" && answer.pass !== undefined && answer.pass === answer.fail)
    throw new TelltaleError("bad_request", `Pass and fail are both called "${answer.pass}"`, { field: "answer" });
}

/** Throws `bad_request` for a value that the question does not take. */
export function assertAllowed(answer: ReviewAnswer, value: ReviewValue): void {
  if (!isAllowed(answer, value))
    throw new TelltaleError("bad_request", `${JSON.stringify(value).slice(0, 100)} is none of the answers of this queue`, { field: "value" });
}

function isAllowed(answer: ReviewAnswer, value: ReviewValue): boolean {
  switch (answer.kind) {
    case "boolean":
      return typeof value === "boolean";
    case "number":
      return typeof value === "number" && value >= (answer.min ?? -Infinity) && value <= (answer.max ?? Infinity);
    case "text":
      return typeof value === "string" && value.trim() !== "" && value.length <= (answer.max_length ?? 10_000);
    case "categories":
      return answer.multiple === true
        ? Array.isArray(value) && value.length > 0 && new Set(value).size === value.length && value.every((item) => answer.values.includes(item))
        : typeof value === "string" && answer.values.includes(value);
  }
}

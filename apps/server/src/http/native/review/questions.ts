import { type LabelInput, ReviewAnswer, type ReviewQuestion } from "@telltale/model/api";
import type { LabelSchema, ReviewQueue } from "@telltale/store";

/** What a queue asks of each trace, in order: its own question, those of its label schemas, or, without any left, all of the project. */
export function questionsOf(queue: ReviewQueue, schemas: readonly LabelSchema[]): ReviewQuestion[] {
  if (queue.label !== undefined)
    return [{ name: queue.label, type: "feedback", answer: ReviewAnswer.parse(queue.answer), instruction: queue.description, comment: true }];
  const chosen = queue.schemaIds.flatMap((id) => schemas.filter((schema) => schema.id === id));
  return (chosen.length === 0 ? schemas : chosen).map(({ name, type, input, instruction, enableComment }) => ({
    name,
    type,
    answer: answerOf(input),
    instruction,
    comment: enableComment,
  }));
}

/** The first question of a queue; every project has one. */
export function firstQuestion(questions: readonly ReviewQuestion[]): ReviewQuestion {
  const [first] = questions;
  if (first === undefined) throw new Error("A review queue without any question");
  return first;
}

function answerOf(input: LabelInput): ReviewAnswer {
  switch (input.kind) {
    case "pass_fail":
      return { kind: "boolean", pass: input.positive_label, fail: input.negative_label };
    case "categorical":
      return { kind: "categories", values: input.options, multiple: input.multi_select };
    case "numeric":
      return { kind: "number", ...(input.min === null ? {} : { min: input.min }), ...(input.max === null ? {} : { max: input.max }) };
    case "text":
      return { kind: "text", ...(input.max_length === null ? {} : { max_length: Math.min(input.max_length, MAX_TEXT) }) };
  }
}

const MAX_TEXT = 10_000;

import type { ScoreValue } from "../outcome.ts";
import type { Vocabulary } from "../scorer.ts";

export type Answer = { kind: "answer"; value: ScoreValue; rationale: string } | { kind: "unusable"; problem: string };

const MAX_RATIONALE = 10_000;
const MAX_TEXT_VALUE = 1_000;

/**
 * Reads what a judge said. Strict about the value, since a wrong reading would be a wrong score; lenient about what models
 * put around the object (a code fence, a sentence before it).
 */
export function readAnswer(text: string, vocabulary: Vocabulary): Answer {
  const parsed = objectIn(text);
  if (parsed === undefined) return unusable("the answer holds no JSON object");
  // MLflow's own judges call it `result`: a model that was tuned on them does so too.
  const { rationale, result, value = result } = parsed as { rationale?: unknown; result?: unknown; value?: unknown };
  if (value === undefined || value === null) return unusable("the answer has no value");
  const read = valueIn(value, vocabulary);
  if (read === undefined) return unusable(`the value ${JSON.stringify(value)?.slice(0, 100)} is none of the allowed ones`);
  return { kind: "answer", value: read, rationale: typeof rationale === "string" ? rationale.slice(0, MAX_RATIONALE) : "" };
}

function unusable(problem: string): Answer {
  return { kind: "unusable", problem };
}

/** The whole text, else what lies between the first `{` and the last `}`. */
export function objectIn(text: string): object | undefined {
  const from = text.indexOf("{");
  const to = text.lastIndexOf("}");
  for (const candidate of from >= 0 && to > from ? [text, text.slice(from, to + 1)] : [text]) {
    try {
      const value: unknown = JSON.parse(candidate);
      if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
    } catch {
      // The next candidate, or none.
    }
  }
  return undefined;
}

function valueIn(value: unknown, vocabulary: Vocabulary): ScoreValue | undefined {
  switch (vocabulary.kind) {
    case "boolean":
      return booleanIn(value);
    case "number": {
      const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
      return typeof number === "number" && number >= vocabulary.min && number <= vocabulary.max && Number.isFinite(number) ? number : undefined;
    }
    case "categories": {
      if (vocabulary.values.length === 0) return typeof value === "string" && value.length <= MAX_TEXT_VALUE ? value : undefined;
      const text = typeof value === "boolean" ? (value ? "yes" : "no") : String(value);
      return vocabulary.values.find((allowed) => allowed.toLowerCase() === text.trim().toLowerCase());
    }
  }
}

function booleanIn(value: unknown): boolean | undefined {
  if (typeof value === "boolean") return value;
  const text = typeof value === "string" ? value.trim().toLowerCase() : undefined;
  if (text === "true" || text === "yes") return true;
  return text === "false" || text === "no" ? false : undefined;
}

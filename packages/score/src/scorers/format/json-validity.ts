import Ajv from "ajv";
import { z } from "zod";
import { scored } from "../../outcome.ts";
import type { Scorer } from "../../scorer.ts";
import { asYesNo } from "../../text.ts";
import { onAnswer } from "./on-answer.ts";

const MAX_SCHEMA = 100_000;
const Parameters = z.looseObject({ schema: z.record(z.string(), z.unknown()).nullish() }).superRefine(({ schema }, context) => {
  const problem = schema ? problemOf(schema) : undefined;
  if (problem !== undefined) context.addIssue({ code: "custom", path: ["schema"], message: problem });
});

/** Schemas without `pattern`: a regular expression of a schema could run for hours. */
export const jsonValidity: Scorer<z.output<typeof Parameters>> = {
  name: "JSONValidity",
  summary: "The answer is valid JSON and, where a JSON schema is given, follows it.",
  level: "trace",
  needs: ["outputs"],
  usesModel: false,
  vocabulary: { kind: "categories", values: ["yes", "no"] },
  parameters: Parameters,
  example: { schema: { type: "object", required: ["answer"] } },
  score: (subject, { schema }) =>
    onAnswer(subject, (answer) => {
      const parsed = parse(answer);
      if (parsed.kind === "invalid") return scored({ value: "no", rationale: `Not valid JSON: ${parsed.problem}` });
      if (!schema) return scored({ value: "yes", rationale: "Valid JSON." });
      const ajv = new Ajv({ strict: false, allErrors: false, validateFormats: false });
      const isValid = ajv.validate(schema, parsed.value);
      return scored({ value: asYesNo(isValid), rationale: isValid ? "Follows the schema." : `Does not follow the schema: ${ajv.errorsText()}` });
    }),
};

function parse(text: string): { kind: "valid"; value: unknown } | { kind: "invalid"; problem: string } {
  try {
    return { kind: "valid", value: JSON.parse(text) as unknown };
  } catch (error) {
    return { kind: "invalid", problem: error instanceof Error ? error.message : String(error) };
  }
}

function problemOf(schema: object): string | undefined {
  const text = JSON.stringify(schema);
  if (text.length > MAX_SCHEMA) return `is larger than ${MAX_SCHEMA} characters`;
  if (/"(?:pattern|patternProperties)":/.test(text)) return "must not use pattern or patternProperties";
  try {
    new Ajv({ strict: false, validateFormats: false }).compile(schema);
    return undefined;
  } catch (error) {
    return `is no JSON schema: ${error instanceof Error ? error.message : String(error)}`;
  }
}

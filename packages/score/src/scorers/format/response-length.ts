import { z } from "zod";
import { scored } from "../../outcome.ts";
import type { Scorer } from "../../scorer.ts";
import { asYesNo } from "../../text.ts";
import { onAnswer } from "./on-answer.ts";

const Bound = z.number().int().min(0).nullish();
const Parameters = z
  .looseObject({ min_length: Bound, max_length: Bound, unit: z.enum(["chars", "words"]).default("chars") })
  .refine(({ min_length: min, max_length: max }) => (min ?? max) !== undefined && (min ?? max) !== null, "ResponseLength needs min_length or max_length")
  .refine(({ min_length: min, max_length: max }) => (min ?? 0) <= (max ?? Infinity), "min_length is larger than max_length");

/** Characters are code points, as Python counts them. */
export const responseLength: Scorer<z.output<typeof Parameters>> = {
  name: "ResponseLength",
  summary: "The answer is as long as wanted, in characters or words.",
  level: "trace",
  needs: ["outputs"],
  usesModel: false,
  vocabulary: { kind: "categories", values: ["yes", "no"] },
  parameters: Parameters,
  example: { max_length: 400, unit: "words" },
  score: (subject, { min_length: min, max_length: max, unit }) =>
    onAnswer(subject, (answer) => {
      const length = unit === "words" ? answer.split(/\s+/u).filter((word) => word !== "").length : [...answer].length;
      const isShort = length < (min ?? 0);
      const isLong = length > (max ?? Infinity);
      const bound = isShort ? `below the minimum of ${min}` : isLong ? `above the maximum of ${max}` : "within bounds";
      return scored({ value: asYesNo(!isShort && !isLong), rationale: `The answer has ${length} ${unit}, ${bound}.` });
    }),
};

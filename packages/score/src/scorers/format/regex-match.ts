import { RE2JS } from "re2js";
import { z } from "zod";
import { scored } from "../../outcome.ts";
import type { Scorer } from "../../scorer.ts";
import { asYesNo } from "../../text.ts";
import { onAnswer } from "./on-answer.ts";

const Parameters = z
  .looseObject({
    pattern: z.string().min(1).max(10_000),
    match_type: z.enum(["search", "fullmatch"]).default("search"),
    case_insensitive: z.boolean().default(false),
  })
  .superRefine(({ pattern }, context) => {
    try {
      RE2JS.compile(pattern);
    } catch (error) {
      context.addIssue({ code: "custom", path: ["pattern"], message: `cannot be used (RE2 syntax: no look-around, no back-references): ${String(error)}` });
    }
  });

/** Patterns run in linear time (RE2): whoever writes one cannot stall the scoring of everybody else. */
export const regexMatch: Scorer<z.output<typeof Parameters>> = {
  name: "RegexMatch",
  summary: "The answer matches a regular expression.",
  level: "trace",
  needs: ["outputs"],
  usesModel: false,
  vocabulary: { kind: "categories", values: ["yes", "no"] },
  parameters: Parameters,
  example: { pattern: "\\[\\d+\\]" },
  score: (subject, { pattern, match_type: type, case_insensitive: anyCase }) =>
    onAnswer(subject, (answer) => {
      const matcher = RE2JS.compile(pattern, anyCase ? RE2JS.CASE_INSENSITIVE : 0).matcher(answer);
      const matches = type === "fullmatch" ? matcher.matches() : matcher.find();
      return scored({ value: asYesNo(matches), rationale: `The answer ${matches ? "matches" : "does not match"} ${pattern}` });
    }),
};

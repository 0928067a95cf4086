import { type ScoreOutcome, skipped } from "../../outcome.ts";
import type { Scorer } from "../../scorer.ts";
import { answer, hasNeed, question } from "../exhibits.ts";
import { guidelinesText } from "../guidelines-text.ts";
import { JudgeParameters, yesNo } from "../judged.ts";

const instructions = guidelinesText("<answer>", "those listed in <guidelines>");

/** Guidelines that were logged with the trace as the expectation `guidelines`: data of the trace, so they are shown as an exhibit. */
export const expectationsGuidelines: Scorer<JudgeParameters> = {
  name: "ExpectationsGuidelines",
  summary: "The answer follows the guidelines logged for this trace.",
  level: "trace",
  needs: ["outputs", "expectations"],
  usesModel: true,
  vocabulary: yesNo,
  parameters: JudgeParameters,
  instructions,
  score: async (subject, parameters, { judge, signal }): Promise<ScoreOutcome> => {
    if (subject.level !== "trace" || !hasNeed(subject.trace, "outputs")) return skipped("nothing_to_judge");
    const own = subject.trace.expectations.get("guidelines");
    const lines = (Array.isArray(own) ? own : [own]).filter((line) => typeof line === "string" && line !== "");
    if (lines.length === 0) return skipped("needs_expectations");
    const { value, rationale, usage } = await judge.ask(
      {
        model: parameters.model ?? undefined,
        instructions,
        exhibits: [question(subject.trace), answer(subject.trace), { name: "guidelines", text: lines.map((line) => `- ${line}`).join("\n") }],
        answer: yesNo,
        parameters: parameters.inference_params ?? undefined,
      },
      signal,
    );
    return { kind: "scored", scores: [{ value, rationale }], usage };
  },
};

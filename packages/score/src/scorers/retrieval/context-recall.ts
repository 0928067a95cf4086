import { context, expected, question } from "../exhibits.ts";
import { judgeOfTraces, share } from "../judged.ts";

export const contextRecall = judgeOfTraces({
  name: "ContextRecall",
  summary: "Share of the expected answer that the retrieved context supports, from 0 to 1.",
  needs: ["inputs", "context", "expectations"],
  exhibits: [question, expected, context],
  answer: share,
  instructions: `Split <expected> into its statements. For each decide whether some document of <context> supports it. In the rationale list the statements that no document supports.
The value is the number of supported statements divided by the number of statements.`,
});

import { answer, context, question } from "../exhibits.ts";
import { judgeOfTraces, share } from "../judged.ts";

export const faithfulness = judgeOfTraces({
  name: "Faithfulness",
  summary: "Share of the claims of the answer that the context supports, from 0 to 1.",
  needs: ["outputs", "context"],
  exhibits: [question, answer, context],
  answer: share,
  instructions: `Split <answer> into its factual claims, each a sentence that can be checked alone. For each decide whether <context> supports it; bring in no knowledge of your own.
In the rationale list every claim with "supported" or "not supported". The value is the number of supported claims divided by the number of claims; 1 when the answer claims nothing.`,
});

import { answer, context, question } from "../exhibits.ts";
import { judgeOfTraces } from "../judged.ts";

export const retrievalGroundedness = judgeOfTraces({
  name: "RetrievalGroundedness",
  summary: "Everything the answer claims stands in the retrieved context.",
  needs: ["outputs", "context"],
  exhibits: [question, answer, context],
  instructions: `Decide whether every claim of <answer> is supported by <context>. Bring in no knowledge of your own; a claim that is true but does not stand in the context is not supported. Greetings, questions back and refusals claim nothing.
"yes": all claims are supported. "no": at least one is not; quote it.`,
});

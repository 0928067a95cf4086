import { context, expected, question } from "../exhibits.ts";
import { judgeOfTraces } from "../judged.ts";

export const retrievalSufficiency = judgeOfTraces({
  name: "RetrievalSufficiency",
  summary: "The retrieved context holds what the expected answer needs.",
  needs: ["inputs", "context", "expectations"],
  exhibits: [question, expected, context],
  instructions: `Decide whether <context> alone would be enough to give the answer <expected> to <question>: every statement of the expected answer must be supported by some document.
"yes": it is enough. "no": something is missing; name it.`,
});

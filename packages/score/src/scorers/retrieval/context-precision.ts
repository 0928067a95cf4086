import { context, question } from "../exhibits.ts";
import { judgeOfTraces, share } from "../judged.ts";

export const contextPrecision = judgeOfTraces({
  name: "ContextPrecision",
  summary: "Share of the retrieved documents that help to answer, from 0 to 1.",
  needs: ["inputs", "context"],
  exhibits: [question, context],
  answer: share,
  instructions: `For each document of <context> decide whether it holds something that helps to answer <question>. In the rationale list the numbers of the documents that do not.
The value is the number of documents that help divided by the number of documents.`,
});

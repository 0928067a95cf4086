import { answer, question } from "../exhibits.ts";
import { judgeOfTraces } from "../judged.ts";

export const summarization = judgeOfTraces({
  name: "Summarization",
  summary: "The answer is a faithful, focused summary of the input.",
  needs: ["inputs", "outputs"],
  exhibits: [question, answer],
  instructions: `<question> holds a document (perhaps with a request to summarise it), <answer> is a summary. Decide whether it is a good one. All four must hold:
faithful (every claim stands in the document, nothing is contradicted or invented); covering (no main point is missing or distorted); focused (much shorter than the document, not a paraphrase of large parts of it); clear.
"yes": all four hold. "no": at least one does not; say which.`,
});

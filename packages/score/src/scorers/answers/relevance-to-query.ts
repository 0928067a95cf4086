import { answer, question } from "../exhibits.ts";
import { judgeOfTraces } from "../judged.ts";

export const relevanceToQuery = judgeOfTraces({
  name: "RelevanceToQuery",
  summary: "The answer speaks to what was asked.",
  needs: ["inputs", "outputs"],
  exhibits: [question, answer],
  instructions: `Decide whether <answer> gives information that bears on <question>, wholly or in part.
Do not judge whether it is correct or complete, and bring in no knowledge of your own.
"yes": at least part of the answer addresses the question. "no": it does not, for example because it changes the subject or says nothing.`,
});

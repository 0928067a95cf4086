import { answer, expected, question } from "../exhibits.ts";
import { judgeOfTraces } from "../judged.ts";

export const correctness = judgeOfTraces({
  name: "Correctness",
  summary: "The answer agrees with what is expected.",
  needs: ["inputs", "outputs", "expectations"],
  exhibits: [question, answer, expected],
  instructions: `Decide whether <answer> to <question> says everything that <expected> says. Every statement of the expected answer must be supported by the given one; it may say more and in other words, but must not contradict it.
Bring in no knowledge of your own: what is expected counts as right.
"yes": all statements are supported. "no": at least one is missing or contradicted; name it.`,
});

import { answer, question } from "../exhibits.ts";
import { judgeOfTraces } from "../judged.ts";

export const completeness = judgeOfTraces({
  name: "Completeness",
  summary: "Every request of the question is dealt with.",
  needs: ["inputs", "outputs"],
  exhibits: [question, answer],
  instructions: `List the explicit requests in <question>. For each decide whether <answer> deals with it as asked.
A reasoned refusal, or asking for information that is really missing, deals with a request; ignoring it, answering a different one, or refusing without a reason does not. Do not judge whether the answer is correct.
"yes": all requests are dealt with. "no": at least one is not; name it.`,
});

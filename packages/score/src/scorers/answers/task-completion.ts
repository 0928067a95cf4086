import { answer, question, toolCalls } from "../exhibits.ts";
import { judgeOfTraces } from "../judged.ts";

export const taskCompletion = judgeOfTraces({
  name: "TaskCompletion",
  summary: "The request of a single turn was carried out.",
  needs: ["inputs", "outputs", "spans"],
  exhibits: [question, toolCalls, answer],
  instructions: `Decide whether the agent did what <question> asks. Look at what was really done in <tool_calls> and said in <answer>: a claim of success without the action that it needs is no success, and neither is an error that was passed over.
"yes": the task is done. "no": it is not, or only in part; say what is missing.`,
});

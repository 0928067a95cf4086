import { offeredTools, question, toolCalls } from "../exhibits.ts";
import { judgeOfTraces } from "../judged.ts";

export const toolCallEfficiency = judgeOfTraces({
  name: "ToolCallEfficiency",
  summary: "No tool was called without need.",
  needs: ["tools"],
  exhibits: [question, offeredTools, toolCalls],
  instructions: `Decide whether the agent used the tools of <available_tools> efficiently for <question>: no call repeats another one without cause, none fetches what was already known, several calls that one call could have replaced are a waste. A repetition after a passing error is fine.
"yes": efficient. "no": at least one call was needless; name it.`,
});

import { offeredTools, question, toolCalls } from "../exhibits.ts";
import { judgeOfTraces } from "../judged.ts";

export const toolSelection = judgeOfTraces({
  name: "ToolSelection",
  summary: "The tools that were called are the right ones for the request.",
  needs: ["tools"],
  exhibits: [question, offeredTools, toolCalls],
  instructions: `For each call in <tool_calls> decide whether the tool fits the step that it serves, given <available_tools> and <question>, and whether an obviously better tool was passed over. Judge the choice of tools, not their arguments.
"yes": the choice is right. "no": name the wrong or missing tool.`,
});

import { z } from "zod";
import type { Exhibit } from "../../judges/judge.ts";
import type { ScoredTrace } from "../../subject.ts";
import { textOf } from "../../text.ts";
import { offeredTools, question, toolCalls } from "../exhibits.ts";
import { JudgeParameters, judgeOfTraces } from "../judged.ts";

const Parameters = JudgeParameters.extend({ should_consider_ordering: z.boolean().nullish() });

/** With the expectation `expected_tool_calls` the calls are held against it; without one they must make sense. */
export const toolCallCorrectness = judgeOfTraces<z.output<typeof Parameters>>({
  name: "ToolCallCorrectness",
  summary: "Tools and their arguments are right for the request.",
  parameters: Parameters,
  needs: ["inputs"],
  exhibits: [question, offeredTools, expectedCalls, toolCalls],
  instructions: (parameters) => `Decide whether the tool calls in <tool_calls> are right for <question>.
Where <expected_calls> lists calls, the same tools (or ones that mean the same) must have been called with arguments that mean the same, none missing and none too many. Where it lists none: each tool must fit its step, its arguments must match its schema in <available_tools> and follow from the request or from earlier results, and no obviously needed tool may be missing.
${parameters.should_consider_ordering === true ? "The order of the calls counts." : "The order of the calls does not count."}
"yes": the calls are right. "no": name the wrong or missing call or argument.`,
});

function expectedCalls(trace: ScoredTrace): Exhibit {
  const expected = trace.expectations.get("expected_tool_calls");
  return { name: "expected_calls", text: expected === undefined ? "none stated" : textOf(expected) };
}

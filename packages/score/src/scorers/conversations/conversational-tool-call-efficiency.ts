import { conversationWithTools } from "../exhibits.ts";
import { judgeOfSessions } from "../judged.ts";

export const conversationalToolCallEfficiency = judgeOfSessions({
  name: "ConversationalToolCallEfficiency",
  summary: "Over the conversation no tool was called without need.",
  exhibits: [conversationWithTools],
  instructions: `Decide whether tools were used efficiently over the whole <conversation>: nothing that an earlier turn had found was fetched again without cause, no call was repeated needlessly, no clearly unsuitable tool was called.
"yes": efficient. "no": name the needless calls.`,
});

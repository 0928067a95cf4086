import { conversation } from "../exhibits.ts";
import { judgeOfSessions } from "../judged.ts";

export const conversationCompleteness = judgeOfSessions({
  name: "ConversationCompleteness",
  summary: "Every request of the conversation was dealt with.",
  exhibits: [conversation],
  instructions: `List all requests of the user in <conversation>, also those made in passing. Decide for each whether the assistant dealt with it by the end. A reasoned refusal deals with a request.
"yes": all were dealt with. "no": at least one was not; name it.`,
});

import { conversation } from "../exhibits.ts";
import { judgeOfSessions } from "../judged.ts";

export const knowledgeRetention = judgeOfSessions({
  name: "KnowledgeRetention",
  summary: "The assistant remembers what the user said before.",
  exhibits: [conversation],
  instructions: `Decide whether the assistant keeps and uses what the user told it earlier in <conversation>: it does not ask again for what was said, does not contradict it and does not mix it up.
"yes": it does. "no": quote what it forgot or changed.`,
});

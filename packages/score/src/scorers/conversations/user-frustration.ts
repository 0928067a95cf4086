import { conversation } from "../exhibits.ts";
import { judgeOfSessions } from "../judged.ts";

export const userFrustration = judgeOfSessions({
  name: "UserFrustration",
  summary: "How the user felt: no frustration, resolved, or unresolved.",
  exhibits: [conversation],
  answer: { kind: "categories", values: ["none", "resolved", "unresolved"] },
  instructions: `Decide from what the user says in <conversation> whether they became frustrated (annoyance, repeated complaints, sarcasm, giving up), and how it ended. A helpful last answer alone resolves nothing: the user must show it.
"none": the user never showed frustration. "resolved": they did, and ended satisfied or reassured by their own words. "unresolved": they were frustrated near the end or left without a sign of satisfaction.`,
});

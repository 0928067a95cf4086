import { type Asked, type Reply, ScriptedProvider } from "../../apps/server/src/scoring/scripted-provider.testing.ts";

export const RIGHT_KEY = "sk-right-key-of-the-judge-1234";
export const REFUSED = "Incorrect API key provided: sk-wr***.";

/** A model that takes one key, and answers in the words it is asked for: always in favour, in the middle of a scale, or the first word. */
export async function startJudgeServer(): Promise<ScriptedProvider> {
  const provider = new ScriptedProvider();
  provider.answerWith(judge);
  await provider.start();
  return provider;
}

export function judge(asked: Asked): Reply {
  if (asked.headers["authorization"] !== `Bearer ${RIGHT_KEY}`) return { status: 401, body: { error: { message: REFUSED } } };
  const value = asked.text.includes('"polite"') ? "polite" : asked.text.includes("a number from 1 to 5") ? 4 : true;
  return { text: JSON.stringify({ rationale: "It answers what was asked.", value }) };
}

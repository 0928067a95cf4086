import { expect, test } from "vitest";
import { mergeConversation } from "./conversation.ts";

const say = (role: string, content: string, more: object = {}) => ({ role, parts: [{ type: "text", content }], ...more });
const told = (turns: ReturnType<typeof mergeConversation>) =>
  turns.map((turn) => `${turn.spanId}${turn.isOutput ? ">" : "<"}${(turn.message as { parts: { content: string }[] }).parts[0]?.content}`);

test("history that calls repeat is told once, where it first appeared", () => {
  const turns = mergeConversation([
    { spanId: "a", input: [say("user", "hi")], output: [say("assistant", "hello", { finishReason: "stop" })] },
    { spanId: "b", input: [say("user", "hi"), say("assistant", "hello"), say("user", "bye")], output: [say("assistant", "ciao")] },
  ]);
  expect(told(turns)).toEqual(["a<hi", "a>hello", "b<bye", "b>ciao"]);
});

test("the same words said twice stay two messages", () => {
  const turns = mergeConversation([
    { spanId: "a", input: [say("user", "yes")], output: [say("assistant", "sure?")] },
    { spanId: "b", input: [say("user", "yes"), say("assistant", "sure?"), say("user", "yes")], output: [] },
  ]);
  expect(told(turns)).toEqual(["a<yes", "a>sure?", "b<yes"]);
});

test("different roles are different messages, odd ones survive", () => {
  expect(mergeConversation([{ spanId: "a", input: [say("user", "x"), say("assistant", "x"), "plain", null], output: [] }])).toHaveLength(4);
});

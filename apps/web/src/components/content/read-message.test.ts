import fc from "fast-check";
import { expect, test } from "vitest";
import { readMessage } from "./read-message.ts";

test("reads the parts of the model", () => {
  const message = readMessage({
    role: "assistant",
    finish_reason: "stop",
    parts: [
      { type: "text", content: "hi" },
      { type: "tool_call", id: "1", name: "f", arguments: { a: 1 } },
      { type: "blob", mime_type: "image/png", hash: "a".repeat(64), size_bytes: 3 },
    ],
  });
  expect(message).toEqual({
    role: "assistant",
    name: undefined,
    finishReason: "stop",
    parts: [
      { kind: "text", text: "hi" },
      { kind: "tool_call", id: "1", name: "f", args: { a: 1 } },
      { kind: "blob", hash: "a".repeat(64), contentType: "image/png", sizeBytes: 3 },
    ],
  });
});

test("a hash that is none never becomes an address", () => {
  expect(readMessage({ role: "user", parts: [{ type: "blob", hash: "../../x" }] }).parts[0]?.kind).toBe("other");
});

test("anything at all can be shown", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => void expect(readMessage(value).parts.length).toBeGreaterThanOrEqual(0)));
  fc.assert(fc.property(fc.jsonValue(), (value) => void expect(readMessage({ role: "x", parts: [value] }).parts).toHaveLength(1)));
});

import { expect, test } from "vitest";
import { messageOut } from "./message-out.ts";

test("a message and its parts are written in snake_case, and say nothing of what is not known", () => {
  const message = messageOut({
    role: "assistant",
    finishReason: "stop",
    parts: [
      { type: "text", content: "hello" },
      { type: "tool_call", id: "c1", name: "search", arguments: { maxResults: 3 } },
      { type: "blob", mimeType: "image/png", hash: "ab", sizeBytes: 3 },
      { type: "uri", uri: "https://example.com/a.png", mimeType: "image/png" },
      { type: "uri", uri: "https://example.com/b" },
      { type: "file", fileId: "f1", mimeType: "text/plain", modality: "document" },
      { type: "other", original: { camelCase: 1 } },
    ],
  });
  expect(message).toStrictEqual({
    role: "assistant",
    finish_reason: "stop",
    parts: [
      { type: "text", content: "hello" },
      { type: "tool_call", id: "c1", name: "search", arguments: { maxResults: 3 } },
      { type: "blob", mime_type: "image/png", hash: "ab", size_bytes: 3 },
      { type: "uri", uri: "https://example.com/a.png", mime_type: "image/png" },
      { type: "uri", uri: "https://example.com/b" },
      { type: "file", file_id: "f1", mime_type: "text/plain", modality: "document" },
      { type: "other", original: { camelCase: 1 } },
    ],
  });
  expect(messageOut({ role: "user", name: "ada", parts: [] })).toStrictEqual({ role: "user", name: "ada", parts: [] });
});

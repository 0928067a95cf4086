import { describe, expect, test } from "vitest";
import { messagesOf } from "./messages.ts";

const hi = { role: "user", parts: [{ type: "text", content: "hi" }] };
const call = { type: "tool_call", id: "c1", name: "get_weather", arguments: { city: "Paris" } };

describe("one message, however it is written", () => {
  test.each<[string, unknown]>([
    ["GenAI semconv", [{ role: "user", parts: [{ type: "text", content: "hi" }] }]],
    ["OpenAI", [{ role: "user", content: "hi" }]],
    ["OpenAI parts", [{ role: "user", content: [{ type: "text", text: "hi" }] }]],
    ["OpenAI request", { model: "gpt-4o", messages: [{ role: "user", content: "hi" }] }],
    ["Responses input text", { model: "gpt-4o", input: "hi" }],
    ["Responses input list", { input: [{ role: "user", content: [{ type: "input_text", text: "hi" }] }] }],
    ["Anthropic", [{ role: "user", content: [{ type: "text", text: "hi" }] }]],
    ["Gemini", { contents: [{ role: "user", parts: [{ text: "hi" }] }] }],
    ["Bedrock", [{ role: "user", content: [{ text: "hi" }] }]],
    [
      "LangChain constructor",
      { messages: [[{ lc: 1, type: "constructor", id: ["langchain", "schema", "messages", "HumanMessage"], kwargs: { content: "hi" } }]] },
    ],
    ["LangChain data", [{ type: "human", data: { content: "hi" } }]],
    ["Vercel prompt", { prompt: "hi" }],
    ["JSON text", '[{"role":"user","content":"hi"}]'],
    ["JSON string", '"hi"'],
    ["text", "hi"],
  ])("%s", (_shape, value) => {
    expect(messagesOf(value, "user")).toEqual([hi]);
  });
});

describe("a call for a tool, however it is written", () => {
  test.each<[string, unknown]>([
    ["GenAI semconv", [{ role: "assistant", parts: [call] }]],
    [
      "OpenAI",
      {
        choices: [
          {
            message: {
              role: "assistant",
              content: null,
              tool_calls: [{ id: "c1", type: "function", function: { name: "get_weather", arguments: '{"city":"Paris"}' } }],
            },
          },
        ],
      },
    ],
    ["Responses", { output: [{ type: "function_call", call_id: "c1", name: "get_weather", arguments: '{"city":"Paris"}' }] }],
    ["Anthropic", { role: "assistant", content: [{ type: "tool_use", id: "c1", name: "get_weather", input: { city: "Paris" } }] }],
    ["Bedrock", { output: { message: { role: "assistant", content: [{ toolUse: { toolUseId: "c1", name: "get_weather", input: { city: "Paris" } } }] } } }],
    ["Vercel", [{ role: "assistant", content: [{ type: "tool-call", toolCallId: "c1", toolName: "get_weather", args: { city: "Paris" } }] }]],
    [
      "LangChain",
      {
        generations: [
          [
            {
              message: {
                type: "constructor",
                id: ["AIMessage"],
                kwargs: { content: "", tool_calls: [{ id: "c1", name: "get_weather", args: { city: "Paris" } }] },
              },
            },
          ],
        ],
      },
    ],
  ])("%s", (_shape, value) => {
    expect(messagesOf(value, "assistant").flatMap((message) => message.parts)).toEqual([call]);
  });

  test("Gemini has no ids", () => {
    const value = { candidates: [{ content: { role: "model", parts: [{ functionCall: { name: "f", args: {} } }] }, finishReason: "STOP" }] };
    expect(messagesOf(value, "assistant")).toEqual([{ role: "assistant", parts: [{ type: "tool_call", name: "f", arguments: {} }], finishReason: "stop" }]);
  });
});

describe("the answer of a tool, however it is written", () => {
  const answer = { type: "tool_call_response", id: "c1", response: "18C" };
  test.each<[string, unknown]>([
    ["GenAI response", [{ role: "tool", parts: [{ type: "tool_call_response", id: "c1", response: "18C" }] }]],
    ["GenAI result", [{ role: "tool", parts: [{ type: "tool_call_response", id: "c1", result: "18C" }] }]],
    ["OpenAI", [{ role: "tool", tool_call_id: "c1", content: "18C" }]],
    ["OpenAI parts", [{ role: "tool", tool_call_id: "c1", content: [{ type: "text", text: "18C" }] }]],
    ["Anthropic", [{ role: "user", content: [{ type: "tool_result", tool_use_id: "c1", content: "18C" }] }]],
    ["Responses", [{ type: "function_call_output", call_id: "c1", output: "18C" }]],
    ["Haystack", [{ role: "tool", content: [{ tool_call_result: { result: "18C", origin: { id: "c1" }, error: false } }] }]],
    ["Vercel", [{ role: "tool", content: [{ type: "tool-result", toolCallId: "c1", toolName: "f", result: "18C" }] }]],
  ])("%s", (_shape, value) => {
    expect(messagesOf(value, "user").flatMap((message) => message.parts)).toEqual([answer]);
  });
});

describe("media", () => {
  const hash = "a".repeat(64);
  const blob = { type: "blob", mimeType: "image/png", hash, sizeBytes: 70, modality: "image" };
  const link = `telltale-blob://${hash}?content_type=image%2Fpng&size=70`;

  test.each<[string, unknown]>([
    ["OpenAI", { type: "image_url", image_url: { url: link } }],
    ["Responses", { type: "input_image", image_url: link }],
    ["Anthropic", { type: "image", source: { type: "base64", media_type: "image/png", data: link } }],
    ["GenAI blob", { type: "blob", mime_type: "image/png", modality: "image", content: link }],
    ["Vercel", { type: "image", image: link, mediaType: "image/png" }],
  ])("%s image in the blob store", (_shape, part) => {
    expect(messagesOf([{ role: "user", content: [part] }], "user")[0]?.parts).toEqual([blob]);
  });

  test("an image by address, and one that is small enough to stay", () => {
    const url = { type: "image_url", image_url: { url: "https://example.com/cat.png" } };
    expect(messagesOf([{ role: "user", content: [url] }], "user")[0]?.parts).toEqual([{ type: "uri", uri: "https://example.com/cat.png", modality: "image" }]);
    const inline = { inlineData: { mimeType: "image/png", data: "iVBORw0K" } };
    expect(messagesOf([{ role: "user", parts: [inline] }], "user")[0]?.parts).toEqual([
      { type: "uri", uri: "data:image/png;base64,iVBORw0K", mimeType: "image/png", modality: "image" },
    ]);
  });
});

test("the items of one Responses answer are one message", () => {
  const value = {
    output: [
      { type: "reasoning", summary: [{ type: "summary_text", text: "Thinking." }] },
      { type: "function_call", call_id: "c1", name: "get_weather", arguments: '{"city":"Paris"}' },
    ],
  };
  expect(messagesOf(value, "assistant")).toEqual([{ role: "assistant", parts: [{ type: "reasoning", content: "Thinking." }, call] }]);
});

test("unknown parts survive as they are", () => {
  const part = { type: "hologram", data: 1 };
  expect(messagesOf([{ role: "user", parts: [part] }], "user")[0]?.parts).toEqual([{ type: "other", original: part }]);
});

test("an object that is no conversation is shown as text, not lost", () => {
  expect(messagesOf({ question: "why" }, "user")).toEqual([{ role: "user", parts: [{ type: "text", content: '{"question":"why"}' }] }]);
});

test("text cut in the middle of JSON is shown as text", () => {
  expect(messagesOf('[{"role":"user","content":"h', "user")[0]?.parts).toEqual([{ type: "text", content: '[{"role":"user","content":"h' }]);
});

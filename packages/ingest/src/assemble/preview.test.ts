import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { captureNames, capturedRun } from "../golden/captured-run.ts";
import { previewOf } from "./preview.ts";

describe("the last user message", () => {
  test.each([
    ["plain text", "hi", "hi"],
    ["OpenAI request", '{"model":"m","messages":[{"role":"system","content":"s"},{"role":"user","content":"hi"}]}', "hi"],
    ["parts", '[{"role":"user","content":[{"type":"text","text":"hi"}]}]', "hi"],
    ["GenAI parts", '[{"role":"user","parts":[{"type":"text","content":"hi"}]}]', "hi"],
    ["input", '{"input":"hi"}', "hi"],
    ["one argument", '{"question":"hi"}', "hi"],
    ["a JSON string", '"hi"', "hi"],
    ["nothing known", '{"a":1,"b":2}', '{"a":1,"b":2}'],
    ["cut JSON", '{"messages":[{"ro', '{"messages":[{"ro'],
  ])("of %s", (_what, text, preview) => {
    expect(previewOf(text, "input")).toBe(preview);
  });
});

test.each([
  ["choices", '{"choices":[{"message":{"role":"assistant","content":"Paris"}}]}', "Paris"],
  ["messages", '[{"role":"assistant","parts":[{"type":"text","content":"Paris"}]}]', "Paris"],
  ["output", '{"output":"Paris"}', "Paris"],
])("the last answer of %s", (_what, text, preview) => {
  expect(previewOf(text, "output")).toBe(preview);
});

test("is at most 1,000 characters, and says when it is cut", () => {
  expect(previewOf("x".repeat(1_000), "input")).toHaveLength(1_000);
  expect(previewOf("x".repeat(1_001), "input")).toMatch(/^x{997}\.\.\.$/);
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 3_000 }), fc.constantFrom("input", "output"), (text, side) => previewOf(text, side).length <= 1_000),
  );
});

test("calls that are roots of captured traces show the question, not the JSON around it", () => {
  const roots = captureNames.flatMap((name) =>
    capturedRun(name).spans.flatMap(({ span }) => (span.parentSpanId === "" && span.kind === "LLM" && span.inputs !== "" ? [span] : [])),
  );
  const previews = roots.map((span) => previewOf(span.inputs, "input"));
  expect(previews).toContain("What is the capital of France?");
  // One SDK drops the image and with it the message.
  expect(previews.filter((preview) => preview.startsWith("{") || preview.startsWith("["))).toEqual(['[{"role":"user","parts":[]}]']);
});

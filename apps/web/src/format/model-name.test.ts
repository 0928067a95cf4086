import { expect, test } from "vitest";
import { modelName } from "./model-name.ts";

test.each([
  ["openai:/gpt-4o-mini", "gpt-4o-mini (openai)"],
  ["gateway:/local", "local"],
  ["vllm:/meta-llama/Llama-3.3-70B", "meta-llama/Llama-3.3-70B (vllm)"],
  ["https://example.org", "https://example.org"],
  ["ada", "ada"],
  ["", ""],
])("%s is named %s", (uri, name) => {
  expect(modelName(uri)).toBe(name);
});

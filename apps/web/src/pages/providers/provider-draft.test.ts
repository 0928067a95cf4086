import { NewProvider, ProviderPatch } from "@telltale/model/api";
import { expect, test } from "vitest";
import { draftOf, newProviderOf, patchOf, problemOf, starts } from "./provider-draft.ts";

test("everything one can begin with is what the server takes", () => {
  for (const start of Object.values(starts)) {
    expect(problemOf(start)).toBeUndefined();
    expect(NewProvider.parse(newProviderOf(start))).toMatchObject({ name: start.name, kind: start.kind });
  }
});

test("what is missing is said in the words of the form", () => {
  expect(problemOf({ ...starts.openai, name: "my provider" })).toMatch(/letters, digits/);
  expect(problemOf({ ...starts.ollama, baseUrl: " " })).toMatch(/needs its address/);
  expect(problemOf({ ...starts.ollama, baseUrl: "localhost:11434" })).toMatch(/http/);
  expect(problemOf({ ...starts.openai, baseUrl: "" })).toBeUndefined();
});

test("a change keeps a key that was not typed, replaces one that was, and forgets one that shall go", () => {
  const stored = {
    id: "p1",
    name: "openai",
    kind: "openai",
    base_url: null,
    api_key: "sk-…wxyz",
    default_model: "gpt-4o-mini",
    allow_private_address: false,
    is_default: true,
    created_at: "2026-11-25T09:00:00Z",
    updated_at: "2026-11-25T09:00:00Z",
  };
  const draft = draftOf(stored);
  expect(ProviderPatch.parse(patchOf(draft))).not.toHaveProperty("api_key");
  expect(patchOf({ ...draft, apiKey: " sk-new " })).toMatchObject({ api_key: "sk-new" });
  expect(patchOf({ ...draft, dropsKey: true, apiKey: "sk-new" })).toMatchObject({ api_key: null });
  expect(patchOf({ ...draft, defaultModel: "" })).toMatchObject({ default_model: null, base_url: null });
});

import { expect, test } from "vitest";
import { newDraft, queueOf, editDraftOf, queuePatchOf } from "./queue-draft.ts";

const now = Date.UTC(2026, 10, 25);

test("a scorer's queue asks for pass or fail and draws from the last days", () => {
  const draft = { ...newDraft("3", "polite", 60), assignees: "ada, bob , ada,", filter: " has_error = true " };
  expect(queueOf(draft, [], now)).toEqual({
    queue: { name: "polite", project_id: "3", purpose: "estimate", half_width: 0.03, assignees: ["ada", "bob"], label: "polite", answer: { kind: "boolean" } },
    sample: { count: 60, from: "2026-11-18T00:00:00.000Z", to: "2026-11-25T00:00:00.000Z", filter: "has_error = true" },
  });
});

test("what is missing or wrong makes no request", () => {
  const draft = newDraft("0", "polite");
  for (const change of [
    { name: " " },
    { count: "0" },
    { count: "1.5" },
    { precision: "x" },
    { asks: "" },
    { asks: "schema:ls-9" },
    { answer: "categories", categories: "one" },
    { answer: "number", min: "5", max: "1" },
  ] as const)
    // prettier-ignore
    expect(queueOf({ ...draft, ...change }, [], now)).toBeUndefined();
  expect(queueOf({ ...draft, answer: "categories", categories: "warm, cold" }, [], now)?.queue.answer).toEqual({
    kind: "categories",
    values: ["warm", "cold"],
  });
});

test("a queue as typed again makes the change that it is", () => {
  const draft = editDraftOf({ name: "polite", description: "", half_width: 0.035, assignees: ["ada", "bob"] });
  expect(draft).toEqual({ name: "polite", description: "", precision: "3.5", assignees: "ada, bob" });
  expect(queuePatchOf({ ...draft, name: " kind ", assignees: "eve" })).toEqual({ name: "kind", description: "", half_width: 0.035, assignees: ["eve"] });
  for (const change of [{ name: " " }, { precision: "60" }, { precision: "none" }]) expect(queuePatchOf({ ...draft, ...change })).toBeUndefined();
});

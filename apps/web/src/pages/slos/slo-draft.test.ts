import { NewSlo } from "@telltale/model/api";
import { expect, test } from "vitest";
import { draftOf, newDraft, objectiveOf, sloOf, type SloDraft } from "./slo-draft.ts";

const draft: SloDraft = { ...newDraft("3"), name: " Fast ", thresholdMs: "2000", target: "99,5", filter: " name = 'x' " };

test("a whole draft is what the server takes, and comes back as it was", () => {
  const slo = sloOf(draft) ?? expect.unreachable();
  expect(NewSlo.parse(slo)).toEqual({
    name: "Fast",
    description: "",
    project_id: "3",
    filter: "name = 'x'",
    indicator: { kind: "latency", threshold_ms: 2000 },
    target: 0.995,
    window_days: 28,
  });
  const stored = { ...slo, id: "slo-1", target: 0.995, created_at: "", updated_at: "" } as Parameters<typeof draftOf>[0];
  expect(sloOf(draftOf(stored))).toEqual(slo);
});

test("what is not whole cannot be saved, but is previewed as far as it goes", () => {
  expect(sloOf({ ...draft, name: " " })).toBeUndefined();
  expect(sloOf({ ...draft, thresholdMs: "" })).toBeUndefined();
  expect(objectiveOf({ ...draft, thresholdMs: "" })?.indicator).toEqual({ kind: "latency", threshold_ms: 1000 });
  for (const target of ["", "0", "100", "x"]) expect(objectiveOf({ ...draft, target })).toBeUndefined();
  expect(sloOf({ ...draft, kind: "error_rate", thresholdMs: "" })?.indicator).toEqual({ kind: "error_rate" });
});

import { expect, test } from "vitest";
import { dimensionLabel, readCostSearch } from "./cost-search.ts";

test("keeps dimensions and keys of tags, and drops what is none", () => {
  expect(readCostSearch({ by: "user", filter: "x", compare: "1" })).toEqual({ by: "user", filter: "x", compare: "1" });
  expect(readCostSearch({ by: "tags.team" })).toEqual({ by: "tags.team" });
  expect(readCostSearch({ by: "nonsense" })).toEqual({});
  expect(readCostSearch({ by: "tags." })).toEqual({});
});

test("a tag is named by its key", () => {
  expect([dimensionLabel("model"), dimensionLabel("tags.team"), dimensionLabel("metadata.plan")]).toEqual(["Model", "Tag team", "Metadata plan"]);
});

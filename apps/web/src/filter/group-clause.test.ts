import { groupFields } from "@telltale/model/api";
import { parseFilter } from "@telltale/model/filter";
import { expect, test } from "vitest";
import { groupClause, groupFilter } from "./group-clause.ts";

test.each([
  ["model", "gpt-5", "model = 'gpt-5'"],
  ["model", "unknown", "model IS NULL"],
  ["route", "it's", "name = 'it''s'"],
  ["project", "3", "project_id = '3'"],
  ["status", "error", "status = 'ERROR'"],
  ["kind", "TOOL", "span.type = 'TOOL'"],
  ["tags.team", "core", "tags.team = 'core'"],
  ["metadata.mlflow.trace.user", "unknown", "metadata.`mlflow.trace.user` IS NULL"],
  ["scorer", "is-correct", "feedback.`is-correct` IS NOT NULL"],
])("%s %s is found by its clause", (field, value, clause) => {
  expect(groupClause(field, value)).toBe(clause);
});

test("every group that has a clause has one that the filter language understands", () => {
  for (const field of [...groupFields, "tags.a b", "metadata.x-y"]) {
    for (const value of ["it's", "unknown", "OK"]) {
      if (field === "status" && value === "it's") continue; // the values of a status are a closed set
      const clause = groupClause(field, value);
      if (clause !== undefined) expect(() => parseFilter(clause), clause).not.toThrow();
    }
  }
});

test("a group narrows the filter of the page, and an OR in it stays together", () => {
  expect(groupFilter("", { model: "a", route: "b" })).toBe("model = 'a' AND name = 'b'");
  expect(groupFilter("user = 'x' OR user = 'y'", { model: "a" })).toBe("(user = 'x' OR user = 'y') AND model = 'a'");
  expect(groupFilter("", { source: "HUMAN" })).toBeUndefined();
});

import { expect, test } from "vitest";
import { completeSql, type SqlSuggestion } from "./sql-completion.ts";

/** `|` is the cursor. */
function at(marked: string, isExplicit = false) {
  const cursor = marked.indexOf("|");
  return completeSql(marked.replace("|", ""), cursor, isExplicit);
}
const labels = (items: readonly SqlSuggestion[] | undefined, kind: SqlSuggestion["kind"]) =>
  items?.filter((item) => item.kind === kind).map(({ label }) => label);

test("views come after FROM and JOIN, with nothing else", () => {
  for (const text of ["SELECT 1 FROM |", "SELECT 1 FROM tr|", "SELECT * FROM traces AS t INNER JOIN sp|"])
    expect(new Set(at(text, true)?.items.map(({ kind }) => kind))).toEqual(new Set(["view"]));
});

test("columns are those of the views that are mentioned, before or after the cursor", () => {
  const columns = labels(at("SELECT dur| FROM spans")?.items, "column");
  expect(columns).toContain("parent_span_id");
  expect(columns).not.toContain("input_preview");
  expect(at("SELECT dur| FROM spans")?.from).toBe(7);
  expect(labels(at("SELECT na|")?.items, "column")).toContain("input_preview");
  expect(labels(at("SELECT na|")?.items, "function")).toContain("count");
  expect(labels(at("SELECT na|")?.items, "keyword")).toContain("GROUP BY");
});

test("after an alias and a dot, its view's columns", () => {
  const items = at("SELECT t.na|, s.x FROM traces AS t JOIN spans s ON 1")?.items;
  expect(labels(items, "column")).toContain("input_preview");
  expect(items?.every(({ kind }) => kind === "column")).toBe(true);
  expect(labels(at("SELECT s.| FROM traces AS t JOIN spans s ON 1")?.items, "column")).toContain("parent_span_id");
  expect(labels(at("SELECT spans.| FROM spans")?.items, "column")).toContain("parent_span_id");
  expect(at("SELECT zz.| FROM spans")).toBeUndefined();
});

test("nothing is offered unasked, in numbers, strings and comments", () => {
  for (const text of ["SELECT |", "SELECT 12|", "SELECT 'na|", "SELECT 1 -- na|", "SELECT /* na|", "SELECT 'it\\'s na|"])
    expect(at(text), text).toBeUndefined();
  expect(at("SELECT 'done', na|")).toBeDefined();
  expect(at("SELECT -- it's\n na|")).toBeDefined();
  expect(at("SELECT |", true)).toBeDefined();
});

import { expect, test } from "vitest";
import { differs, isPlain, searchOf, stateOf } from "./view-state.ts";

const search = { q: "has_error = true", sort: "-cost_usd", range: "24h", project: "3", view: "v-1", tz: "utc", live: "1", empty: "", none: undefined };

test("a view keeps filter, order, window and columns, not the project, the zone or itself", () => {
  expect(stateOf(search, { cols: "input,cost" })).toEqual({ q: "has_error = true", sort: "-cost_usd", range: "24h", cols: "input,cost" });
});

test("what the address says wins over what the page shows by itself", () => {
  expect(stateOf({ cols: "input" }, { cols: "cost" })).toEqual({ cols: "input" });
});

test("a page differs from its view when something was changed, added or taken away", () => {
  const view = { q: "a = 1", cols: "input" };
  expect(differs(view, { q: "a = 1", view: "v", project: "3" }, { cols: "input" })).toBe(false);
  expect(differs(view, { q: "a = 1" }, { cols: "cost" })).toBe(true);
  expect(differs(view, { q: "a = 2" }, { cols: "input" })).toBe(true);
  expect(differs(view, {}, { cols: "input" })).toBe(true);
  expect(differs(view, { q: "a = 1", range: "1h" }, { cols: "input" })).toBe(true);
});

test("columns that neither the view nor the address names are the reader's own", () => {
  expect(differs({ q: "a = 1" }, { q: "a = 1" }, { cols: "cost" })).toBe(false);
});

test("opening a view leaves nothing of the address before, but zone and, without one of its own, project", () => {
  const view = { id: "v-2", state: { q: "b = 2" }, project_id: null };
  expect(searchOf(view, search)).toEqual({ q: "b = 2", project: "3", tz: "utc", view: "v-2", range: undefined, from: undefined, to: undefined });
  expect(searchOf({ ...view, project_id: "9" }, {})["project"]).toBe("9");
});

test("a page is plain until something is asked of it", () => {
  expect(isPlain({ project: "3", range: "24h", tz: "utc" })).toBe(true);
  expect(isPlain({ q: "x" })).toBe(false);
  expect(isPlain({ view: "v-1" })).toBe(false);
});

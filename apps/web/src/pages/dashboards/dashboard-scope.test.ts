import { expect, test } from "vitest";
import { askOf, joinFilters, type TileScope } from "./dashboard-scope.ts";

const scope: TileScope = {
  time: {},
  endMs: 0,
  filter: "environment = 'production'",
  project: "3",
  timeZone: "Europe/Berlin",
  window: { from: "2026-11-23T00:00:00.000Z", to: "2026-11-24T00:00:00.000Z", isOpen: false },
  interval: "15m",
};

test("the filters of dashboard, reader and tile all hold, whatever OR is in them", () => {
  expect(joinFilters(["", " a = 1 ", ""])).toBe("a = 1");
  expect(joinFilters(["a = 1 OR b = 2", "c = 3"])).toBe("(a = 1 OR b = 2) AND c = 3");
  expect(joinFilters(["a = 1", "a = 1"])).toBe("a = 1");
});

test("a tile asks in the window, project and zone of its dashboard, without what only the page needs", () => {
  expect(askOf({ metric: "cost_usd", group_by: ["model"], filter: "user = 'ada'", interval: "1d", label: "Money" }, scope, undefined)).toEqual({
    metric: "cost_usd",
    group_by: ["model"],
    filter: "environment = 'production' AND user = 'ada'",
    from: scope.window.from,
    to: scope.window.to,
    time_zone: "Europe/Berlin",
    project_ids: ["3"],
  });
  expect(askOf({ metric: "tokens" }, { ...scope, filter: "", project: undefined }, "1h")).toEqual({
    metric: "tokens",
    interval: "1h",
    from: scope.window.from,
    to: scope.window.to,
    time_zone: "Europe/Berlin",
  });
});

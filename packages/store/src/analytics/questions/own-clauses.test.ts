import { formatFilter, parseFilter } from "@telltale/model/filter";
import { expect, test } from "vitest";
import { withoutField } from "./own-clauses.ts";

test.each([
  ["status = 'ERROR'", undefined],
  ["status = 'ERROR' AND model = 'm'", "model = 'm'"],
  ["model = 'm' AND (status = 'ERROR' OR status LIKE 'O%') AND NOT status IN ('OK')", "model = 'm'"],
  ["model = 'm' AND (status = 'ERROR' AND user = 'u')", "model = 'm' AND user = 'u'"],
  ["status = 'ERROR' OR model = 'm'", "status = 'ERROR' OR model = 'm'"],
  ["NOT (status = 'ERROR' AND model = 'm')", "NOT (status = 'ERROR' AND model = 'm')"],
  ["span.status = 'ERROR' AND tags.status = 'x'", "span.status = 'ERROR' AND tags.status = 'x'"],
])("%s without what it says of the status alone", (filter, left) => {
  const rest = withoutField(parseFilter(filter), "status");
  expect(rest === undefined ? undefined : formatFilter(rest)).toBe(left);
});

test("a filter that says nothing of the field alone stays the same object", () => {
  const filter = parseFilter("model = 'm' AND (user = 'u' AND NOT tool = 't')");
  expect(withoutField(filter, "status")).toBe(filter);
  expect(withoutField(undefined, "status")).toBeUndefined();
});

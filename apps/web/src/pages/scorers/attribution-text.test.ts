import { expect, test } from "vitest";
import { attributionText } from "./attribution-text.ts";

const anchors = { n: 50, to_fail: 9, to_pass: 1, p: 0.01, version_before: 1, version_after: 2 };
const moved = {
  before: { passes: 90, n: 100, version: 1 },
  after: { passes: 70, n: 100, version: 2 },
  threshold: 0.5,
  input_mix: "not_measured" as const,
  traffic_p: 0.001,
};

test("a rate that moved is put down to the system, the judge, or nothing known", () => {
  expect(attributionText({ ...moved, cause: "system", anchors })).toContain("from 90% to 70%. The system:");
  expect(attributionText({ ...moved, cause: "judge", anchors })).toContain(
    "of 50 frozen traces it now fails 9 that it passed before, and passes 1 that it failed (version 1 before, 2 now)",
  );
  expect(attributionText({ ...moved, cause: "unknown", anchors: null })).toContain("no anchor run before and within");
  expect(attributionText({ ...moved, cause: "steady", anchors })).toBeUndefined();
  expect(attributionText({ ...moved, before: { passes: 0, n: 0, version: null }, cause: "unknown", anchors: null })).toBeUndefined();
});

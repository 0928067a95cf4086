import { expect, test } from "vitest";
import { attributeMove } from "./attribute-move.ts";

const steady = { n: 50, toFail: 1, toPass: 1 };
const moved = { n: 50, toFail: 9, toPass: 0 };

test.each([
  ["the traffic moved and the anchors did not", { passes: 900, n: 1000 }, { passes: 800, n: 1000 }, steady, "system"],
  ["the anchors moved with the traffic", { passes: 900, n: 1000 }, { passes: 800, n: 1000 }, moved, "judge"],
  ["the anchors moved although the traffic looks the same", { passes: 900, n: 1000 }, { passes: 899, n: 1000 }, moved, "judge"],
  ["nothing moved", { passes: 900, n: 1000 }, { passes: 895, n: 1000 }, steady, "steady"],
  ["nothing failed at all", { passes: 10, n: 10 }, { passes: 20, n: 20 }, steady, "steady"],
  ["there are no anchors", { passes: 900, n: 1000 }, { passes: 800, n: 1000 }, undefined, "unknown"],
  ["there are too few anchors to see anything", { passes: 900, n: 1000 }, { passes: 800, n: 1000 }, { n: 19, toFail: 0, toPass: 0 }, "unknown"],
  ["there was no traffic before", { passes: 0, n: 0 }, { passes: 800, n: 1000 }, steady, "unknown"],
] as const)("when %s, the cause is named", (_name, before, after, anchors, cause) => {
  expect(attributeMove(before, after, anchors)).toMatchObject({ cause, inputMix: "not_measured" });
});

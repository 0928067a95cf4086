import { expect, test } from "vitest";
import { TracePlaces } from "./trace-places.ts";

test("a place is known for seconds, to a scope of just its project", () => {
  let nowMs = 1_000;
  const places = new TracePlaces(() => nowMs);
  places.remember("7", "t", 3600);
  expect(places.of({ projectIds: ["7"] }, "t")).toEqual({ projectId: "7", spansBucket: 3600 });
  expect(places.of({ projectIds: ["8"] }, "t")).toBeUndefined();
  expect(places.of({ projectIds: ["7", "8"] }, "t")).toBeUndefined();
  expect(places.of({ projectIds: "all" }, "t")).toBeUndefined();
  nowMs += 5_001;
  expect(places.of({ projectIds: ["7"] }, "t")).toBeUndefined();
});

test("the oldest places are forgotten first", () => {
  const places = new TracePlaces(() => 0);
  for (let trace = 0; trace < 1_500; trace += 1) places.remember("0", `t${trace}`, trace * 3600);
  expect(places.of({ projectIds: ["0"] }, "t499")).toBeUndefined();
  expect(places.of({ projectIds: ["0"] }, "t500")).toEqual({ projectId: "0", spansBucket: 500 * 3600 });
});

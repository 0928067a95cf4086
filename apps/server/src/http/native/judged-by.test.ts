import { expect, test } from "vitest";
import { chooseJudges } from "./judged-by.ts";

const scorer = (version: number, texts: string[], guidelines: Record<number, string[]> = {}) => ({
  projectId: "0",
  serialized: texts[version - 1] ?? "",
  version,
  versions: texts.map((serialized, index) => ({ version: index + 1, serialized, guidelines: guidelines[index + 1] })),
});
const counts = (...list: [number | undefined, number][]) => list.map(([version, traces]) => ({ version, traces }));

test("the live version counts, and the others are named", () => {
  expect(chooseJudges(counts([2, 10], [1, 90], [undefined, 5]), scorer(2, ["a", "b"]))).toEqual({
    judgedBy: [2],
    version: 2,
    notCounted: counts([1, 90], [undefined, 5]),
  });
});

test("a window before the live version began has the newest that judged", () => {
  expect(chooseJudges(counts([2, 10], [1, 90]), scorer(3, ["a", "b", "c"]))).toMatchObject({ judgedBy: [2], version: 2, notCounted: counts([1, 90]) });
});

test("what was registered again unchanged is the same judge, unless it was aligned", () => {
  expect(chooseJudges(counts([3, 10], [1, 90], [2, 4]), scorer(3, ["a", "b", "a"]))).toMatchObject({ judgedBy: [1, 3], notCounted: counts([2, 4]) });
  expect(chooseJudges(counts([1, 90]), scorer(3, ["a", "b", "a"]))).toMatchObject({ judgedBy: [1, 3], version: 3 });
  expect(chooseJudges(counts([2, 10], [1, 90]), scorer(2, ["a", "a"], { 2: ["Be strict."] }))).toMatchObject({ judgedBy: [2] });
});

test("what others logged under a name counts where no scorer judged under it", () => {
  expect(chooseJudges(counts([undefined, 5]), undefined)).toEqual({ judgedBy: "logged", version: undefined, notCounted: [] });
  expect(chooseJudges(counts([undefined, 5]), scorer(1, ["a"]))).toMatchObject({ judgedBy: "logged" });
  expect(chooseJudges(counts([4, 9], [undefined, 5]), undefined)).toMatchObject({ judgedBy: [4], notCounted: counts([undefined, 5]) });
});

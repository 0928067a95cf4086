import type { RawLog } from "@telltale/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { EmbeddedEngine } from "../../engine/embedded.ts";
import type { TraceQuestions } from "../../store.ts";
import { Block, writeBlock } from "../block.ts";
import { deleteTraces } from "../delete-traces.ts";
import { openTestEngine } from "./engine.testing.ts";
import { traceQuestions } from "./index.ts";
import { addToBlock, makeWorld, type WorldTrace } from "./world.testing.ts";

const HOUR = 3_600_000_000_000n;
const START = 1_795_424_400_000_000_000n; // 2026-11-23T09:00Z
let engine: EmbeddedEngine;
let close: () => Promise<void>;
let questions: TraceQuestions;
const [template] = makeWorld(1, 3);

beforeAll(async () => {
  ({ engine, close } = await openTestEngine());
  questions = traceQuestions(engine, { unpackLog: (raw) => ({ eventName: raw }) as RawLog });
  await store([
    at(0, "a", { appVersion: "1.0", models: ["m1"], prompts: ["reply/1"] }),
    at(1, "b", { appVersion: "1.0", models: ["m1"], prompts: ["reply/1"] }),
    at(30, "c", { appVersion: "1.1", models: ["m1", "m2"], prompts: ["reply/2"] }),
    at(31, "d", { appVersion: "1.1", models: ["m2", "m1-2026-01-31"], prompts: ["reply/2", "title/1"] }),
    at(32, "e", { appVersion: "1.0", models: [], prompts: [] }),
    at(40, "f", { appVersion: "2.0", models: ["m3"], prompts: ["reply/9"] }),
    // Another project has had 1.1 for long.
    at(0, "g", { projectId: "other", appVersion: "1.1", models: ["m2"] }),
    at(33, "h", { projectId: "other", appVersion: "1.2", models: ["m2"] }),
  ]);
  await deleteTraces(engine, "p", ["f"], 9n);
}, 60_000);
afterAll(() => close());

function at(hours: number, traceId: string, changes: Partial<WorldTrace["trace"]>): WorldTrace {
  if (template === undefined) throw new Error("the world has a trace");
  const startNs = START + BigInt(hours) * HOUR;
  const trace = { ...template.trace, projectId: "p", prompts: [], ...changes, traceId, startNs, endNs: startNs + 5n };
  return { trace, spansBucket: Number(startNs / HOUR) * 3600, spans: [], assessments: [] };
}

async function store(list: readonly WorldTrace[]): Promise<void> {
  const block = new Block();
  for (const item of list) addToBlock(block, item, 1n);
  await writeBlock(engine, block, "releases");
}

const ask = async (fromHours: number, toHours: number, limit = 100, projectIds: "all" | string[] = ["p"]) =>
  questions.releases({ scope: { projectIds }, fromNs: START + BigInt(fromHours) * HOUR, toNs: START + BigInt(toHours) * HOUR, limit });

test("a value counts as new only when the project never had it, with its first trace and what it replaces", async () => {
  const { releases, hasMore } = await ask(20, 50);
  expect(hasMore).toBe(false);
  expect(releases.map(({ kind, value, firstTraceId, traces, replaces }) => [kind, value, firstTraceId, traces, replaces])).toEqual([
    ["prompt", "title/1", "d", 1, undefined],
    ["model", "m2", "c", 2, undefined],
    ["prompt", "reply/2", "c", 2, "reply/1"],
    ["version", "1.1", "c", 2, "1.0"],
  ]);
  expect(releases.every(({ isInitial }) => !isInitial)).toBe(true);
  expect(releases[3]?.firstNs).toBe(START + 30n * HOUR);
});

test("what was there when the project began is told apart", async () => {
  const { releases } = await ask(0, 50);
  expect(releases.filter(({ isInitial }) => isInitial).map(({ value }) => value)).toEqual(["m1", "reply/1", "1.0"]);
});

test("the dated name of a model that was known is no release", async () => {
  expect((await ask(20, 50)).releases.map(({ value }) => value)).not.toContain("m1-2026-01-31");
});

test("the same value in another project is another release", async () => {
  expect((await ask(20, 50, 100, ["other"])).releases.map(({ value, replaces }) => [value, replaces])).toEqual([["1.2", "1.1"]]);
  expect((await ask(20, 50, 100, "all")).releases).toHaveLength(5);
});

test("a window before or after has other ones; the newest are kept and more is said", async () => {
  expect((await ask(31, 50)).releases.map(({ value }) => value)).toEqual(["title/1"]);
  expect((await ask(20, 30)).releases).toEqual([]);
  expect(await ask(20, 50, 1)).toMatchObject({ hasMore: true, releases: [{ value: "title/1" }] });
});

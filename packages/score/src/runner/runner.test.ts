import { TelltaleError } from "@telltale/model";
import { afterEach, expect, test, vi } from "vitest";
import type { ScoreOutcome } from "../outcome.ts";
import type { ScoredTrace } from "../subject.ts";
import { ScoreRunner } from "./runner.ts";
import type { Held, RunnableScorer, RunnerDeps, RunnerTask, TaskEnd, TaskWait } from "./task.ts";

const yes: ScoreOutcome = { kind: "scored", scores: [{ value: true }], usage: undefined } as never;
const away = new TelltaleError("store_unavailable", "away");

/** An outbox in memory that hands its tasks out once; what a test does not give is answered as a store that works would. */
class Outbox {
  readonly log: string[] = [];
  readonly ends: TaskEnd[] = [];
  readonly waits: TaskWait[] = [];
  readonly renewed: Held[][] = [];
  readonly #batches: RunnerTask[][];

  constructor(...batches: RunnerTask[][]) {
    this.#batches = batches;
  }

  readonly claim = async (_limit: number, _leaseMs: number, except: readonly string[]): Promise<RunnerTask[]> => {
    const batch = this.#batches.findIndex((tasks) => !tasks.some(({ scorerId }) => except.includes(scorerId)));
    return batch < 0 ? [] : (this.#batches.splice(batch, 1)[0] ?? []);
  };
  readonly renew = async (held: readonly Held[]): Promise<void> => void this.renewed.push(held.map(({ id, attempts }) => ({ id, attempts })));
  readonly finish = async (ends: readonly TaskEnd[]): Promise<void> => {
    this.log.push(`finish ${ends.length}`);
    if (ends.some(({ reason }) => reason === "refused")) throw new Error("invalid byte sequence");
    this.ends.push(...ends);
  };
  readonly postpone = async (waits: readonly TaskWait[]): Promise<void> => void this.waits.push(...waits);
}

const task = (id: number, entityId: string, scorerId = "s"): RunnerTask => ({
  id,
  scorerId,
  version: 1,
  projectId: "p",
  level: "trace",
  entityId,
  generation: 0,
  probability: 1,
  attempts: 1,
  settledMs: 0,
  shadow: false,
});
const scorer = (run: RunnableScorer["run"] = async () => yes): RunnableScorer => ({
  name: "s",
  serialized: "{}",
  sourceType: "CODE",
  sourceId: "s",
  budget: undefined,
  run,
});
const traceOf = (id: string): [string, ScoredTrace] => [id, { traceId: id } as ScoredTrace];

let runner: ScoreRunner | undefined;
afterEach(async () => {
  await runner?.stop();
  vi.useRealTimers();
});
function run(outbox: Outbox, deps: Partial<RunnerDeps> = {}): void {
  runner = new ScoreRunner({
    outbox,
    scorerOf: async () => scorer(),
    tracesOf: async (_project, ids) => new Map(ids.map(traceOf)),
    sessionOf: async () => undefined,
    write: async (assessments) => void outbox.log.push(`write ${assessments.length}`),
    pause: async () => {},
    now: () => 0,
    random: () => 0,
    log: () => {},
    ...deps,
  });
  runner.start();
}
const endedIds = (outbox: Outbox): number[] => outbox.ends.map(({ id }) => id).toSorted((a, b) => a - b);

test("tasks claimed together read each trace and scorer once, and end with one write and one statement, in this order", async () => {
  const outbox = new Outbox([task(1, "a", "x"), task(2, "a", "y"), task(3, "b", "x"), task(4, "b", "y")]);
  const tracesOf = vi.fn<RunnerDeps["tracesOf"]>(async (_project, ids) => new Map(ids.map(traceOf)));
  const scorerOf = vi.fn<RunnerDeps["scorerOf"]>(async () => scorer());
  run(outbox, { tracesOf, scorerOf });
  await expect.poll(() => endedIds(outbox)).toEqual([1, 2, 3, 4]);
  expect(tracesOf.mock.calls).toEqual([["p", ["a", "b"]]]);
  expect(scorerOf.mock.calls).toEqual([
    ["x", 1],
    ["y", 1],
  ]);
  expect(outbox.log).toEqual(["write 4", "finish 4"]);
});

test("a trace that cannot be read is tried again by itself; the others of its batch are scored", async () => {
  const outbox = new Outbox([task(1, "a"), task(2, "bad"), task(3, "c")]);
  run(outbox, {
    tracesOf: async (_project, ids) => {
      if (ids.includes("bad")) throw new Error("not what it was");
      return new Map(ids.map(traceOf));
    },
  });
  await expect.poll(() => endedIds(outbox)).toEqual([1, 3]);
  expect(outbox.waits).toMatchObject([{ id: 2, attempts: 1, reason: "not_finished", dueMs: 7_500 }]);
});

test("what can never be read ends as failed when it is too old to be tried again", async () => {
  const outbox = new Outbox([task(1, "bad")]);
  run(outbox, { tracesOf: () => Promise.reject(new Error("not what it was")), now: () => 12 * 3_600_000 });
  await expect.poll(() => outbox.ends).toMatchObject([{ id: 1, state: "failed", reason: "not_finished" }]);
});

test("a scorer that cannot be read leaves the tasks of other scorers alone", async () => {
  const outbox = new Outbox([task(1, "a", "broken"), task(2, "a", "fine")]);
  run(outbox, {
    scorerOf: async (id) => {
      if (id === "broken") throw new Error("not JSON");
      return scorer();
    },
  });
  await expect.poll(() => endedIds(outbox)).toEqual([2]);
  await expect.poll(() => outbox.waits.map(({ id }) => id)).toEqual([1]);
});

test("an end that the store refuses fails alone, the others of its batch are kept", async () => {
  const outbox = new Outbox([task(1, "a"), task(2, "b"), task(3, "c")]);
  const run2: RunnableScorer["run"] = async (subject) =>
    subject.level === "trace" && subject.trace.traceId === "b" ? { kind: "skipped", reason: "refused" as never } : yes;
  run(outbox, { scorerOf: async () => scorer(run2) });
  await expect.poll(() => endedIds(outbox)).toEqual([1, 3]);
  await expect.poll(() => outbox.waits.map(({ id }) => id)).toEqual([2]);
});

test("when scores cannot be kept, no task ends, and all come again", async () => {
  const outbox = new Outbox([task(1, "a"), task(2, "b")]);
  const write = vi.fn<RunnerDeps["write"]>(() => Promise.reject(away));
  run(outbox, { write });
  await expect.poll(() => outbox.waits.map(({ id, reason }) => `${id} ${reason}`)).toEqual(["1 not_finished", "2 not_finished"]);
  expect(write).toHaveBeenCalledTimes(1);
  expect(outbox.ends).toEqual([]);
});

test("when content cannot be read because the store is away, the whole batch waits for it", async () => {
  const outbox = new Outbox([task(1, "a"), task(2, "b")]);
  const tracesOf = vi.fn<RunnerDeps["tracesOf"]>(() => Promise.reject(away));
  run(outbox, { tracesOf });
  await expect.poll(() => outbox.waits.map(({ id, reason }) => `${id} ${reason}`)).toEqual(["1 store_unavailable", "2 store_unavailable"]);
  expect(tracesOf).toHaveBeenCalledTimes(1);
});

test("the lease of what is in work is renewed until it ends", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const outbox = new Outbox([task(1, "slow"), task(2, "quick")]);
  let end = (): void => {};
  const slow = new Promise<ScoreOutcome>((resolve) => (end = () => resolve(yes)));
  run(outbox, { scorerOf: async () => scorer((subject) => (subject.level === "trace" && subject.trace.traceId === "slow" ? slow : Promise.resolve(yes))) });
  await vi.waitFor(() => expect(endedIds(outbox)).toEqual([2]));
  vi.advanceTimersByTime(20_000);
  expect(outbox.renewed).toEqual([[{ id: 1, attempts: 1 }], [{ id: 1, attempts: 1 }]]);
  end();
  await vi.waitFor(() => expect(endedIds(outbox)).toEqual([2, 1].toSorted((a, b) => a - b)));
  vi.advanceTimersByTime(20_000);
  expect(outbox.renewed).toHaveLength(2);
});

test("a task whose lease was lost while it runs here is taken back, not run twice", async () => {
  const outbox = new Outbox([task(1, "a")], [{ ...task(1, "a"), attempts: 2 }]);
  let end = (): void => {};
  const judged = vi.fn<RunnableScorer["run"]>(() => new Promise<ScoreOutcome>((resolve) => (end = () => resolve(yes))));
  const claim = vi.spyOn(outbox as Pick<Outbox, "claim">, "claim");
  run(outbox, { scorerOf: async () => scorer(judged) });
  await expect.poll(() => claim.mock.calls.length, { timeout: 5_000 }).toBeGreaterThan(2);
  end();
  await expect.poll(() => outbox.ends).toMatchObject([{ id: 1, attempts: 2 }]);
  expect(judged).toHaveBeenCalledTimes(1);
});

test("a judge that hangs does not take the places of others: it gets no more while it has its share", async () => {
  const many = (from: number, scorerId: string): RunnerTask[] => Array.from({ length: 128 }, (_, n) => task(from + n, `t${n}`, scorerId));
  const outbox = new Outbox(many(0, "hangs"), many(200, "hangs"), many(400, "hangs"), many(600, "hangs"), many(800, "quick"));
  let end = (): void => {};
  const hanging = new Promise<ScoreOutcome>((resolve) => (end = () => resolve(yes)));
  run(outbox, { scorerOf: async (id) => scorer(() => (id === "hangs" ? hanging : Promise.resolve(yes))) });
  await expect.poll(() => endedIds(outbox), { timeout: 5_000 }).toEqual(many(800, "quick").map(({ id }) => id));
  end();
  await expect.poll(() => outbox.ends.length, { timeout: 5_000 }).toBe(5 * 128);
});

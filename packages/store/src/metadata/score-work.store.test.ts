import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Metadata, openMetadata } from "./open-metadata.ts";
import type { NewTask } from "./score-outbox.ts";
import type { TaskEnd } from "./score-work.ts";

const dir = mkdtempSync(join(tmpdir(), "telltale-work-"));
let metadata: Metadata;
let nowMs = 1_000_000;
let scorerId: string;
beforeAll(async () => {
  metadata = await openMetadata({ dataDir: dir }, { now: () => nowMs });
});
afterAll(async () => {
  await metadata.close();
  rmSync(dir, { recursive: true });
});
beforeEach(async () => {
  const { id: projectId } = await metadata.projects.create({ name: `p${Math.random()}` });
  ({ id: scorerId } = await metadata.scorers.register(projectId, "s", "{}"));
  await metadata.db.deleteFrom("score_tasks").execute();
  nowMs += 1_000;
});

const LEASE_MS = 30_000;
const work = () => metadata.scoreWork;
async function add(...entityIds: string[]): Promise<void> {
  const traces = entityIds.map((entityId): NewTask => ({ scorerId, version: 1, level: "trace", entityId, probability: 1, beganMs: nowMs }));
  await metadata.scoreOutbox.settle(1n, async () => ({ position: 2n, traces, sessions: [] }));
}
const rows = () => metadata.db.selectFrom("score_tasks").select(["entity_id", "state", "reason", "cost_usd", "attempts"]).orderBy("entity_id").execute();
const scored = (held: { id: number; attempts: number }, costUsd?: number): TaskEnd => ({
  id: held.id,
  attempts: held.attempts,
  state: "scored",
  reason: undefined,
  costUsd,
});

test("many workers at once share the tasks, each task for one of them, the tasks of a trace together", async () => {
  await add(...Array.from({ length: 60 }, (_, n) => `t${String(n).padStart(2, "0")}`));
  const claims = await Promise.all(Array.from({ length: 4 }, () => work().claim(20, LEASE_MS)));
  const ids = claims.flat().map(({ entityId }) => entityId);
  expect(ids.length).toBe(new Set(ids).size);
  expect([...ids, ...(await work().claim(60, LEASE_MS)).map(({ entityId }) => entityId)].toSorted()).toHaveLength(60);
  expect(await work().claim(60, LEASE_MS)).toEqual([]);
});

test("scorers that have enough to do are left out, also what their lost workers held", async () => {
  await add("t", "u");
  await work().claim(1, LEASE_MS);
  nowMs += LEASE_MS;
  expect(await work().claim(10, LEASE_MS, [scorerId])).toEqual([]);
  expect(await work().claim(10, LEASE_MS, ["00000000-0000-0000-0000-000000000009"])).toHaveLength(2);
});

test("a lease that is renewed is kept, one that is not is lost to the next who asks", async () => {
  await add("kept", "lost");
  const claimed = await work().claim(10, LEASE_MS);
  nowMs += 20_000;
  await work().renew(
    claimed.filter(({ entityId }) => entityId === "kept"),
    LEASE_MS,
  );
  nowMs += 20_000;
  expect((await work().claim(10, LEASE_MS)).map(({ entityId, attempts }) => `${entityId} ${attempts}`)).toEqual(["lost 2"]);
});

test("who lost the lease neither ends nor postpones nor renews the task of the one who has it now", async () => {
  await add("t");
  const [mine] = await work().claim(1, LEASE_MS);
  nowMs += LEASE_MS;
  const [theirs] = await work().claim(1, LEASE_MS);
  if (mine === undefined || theirs === undefined) throw new Error("not claimed");
  await work().postpone([{ ...mine, dueMs: nowMs, reason: "rate_limited", costUsd: 1 }]);
  await work().finish([scored(mine, 1)]);
  expect(await rows()).toMatchObject([{ state: "running", reason: null, cost_usd: null }]);
  nowMs += LEASE_MS - 1;
  await work().renew([mine], LEASE_MS);
  nowMs += 1;
  expect((await work().claim(1, LEASE_MS)).map(({ attempts }) => attempts)).toEqual([3]);
});

test("many tasks end in one statement, each with its own state, reason and cost; what attempts cost is added up", async () => {
  await add("a", "b", "c", "d");
  const [a, b, c, d] = (await work().claim(10, LEASE_MS)).toSorted((x, y) => (x.entityId < y.entityId ? -1 : 1));
  if (!a || !b || !c || !d) throw new Error("not claimed");
  await work().postpone([{ ...a, dueMs: nowMs, reason: "rate_limited", costUsd: 0.25 }]);
  await work().finish([scored(b, 0), { ...c, state: "failed", reason: "invalid, \"answer\"", costUsd: 2 }, { ...d, state: "skipped", reason: "deleted", costUsd: undefined }]); // prettier-ignore
  const [again] = await work().claim(10, LEASE_MS);
  if (again === undefined) throw new Error("not claimed");
  await work().finish([scored(again, 0.5)]);
  expect(await rows()).toEqual([
    { entity_id: "a", state: "scored", reason: null, cost_usd: 0.75, attempts: 2 },
    { entity_id: "b", state: "scored", reason: null, cost_usd: 0, attempts: 1 },
    { entity_id: "c", state: "failed", reason: 'invalid, "answer"', cost_usd: 2, attempts: 1 },
    { entity_id: "d", state: "skipped", reason: "deleted", cost_usd: null, attempts: 1 },
  ]);
});

test("what a process before this one held can be claimed at once after its leases are released", async () => {
  await add("t");
  await work().claim(1, LEASE_MS);
  expect(await work().claim(1, LEASE_MS)).toEqual([]);
  expect(await work().release()).toBe(1);
  expect(await work().claim(1, LEASE_MS)).toMatchObject([{ entityId: "t", attempts: 2 }]);
});

test("tasks of a scorer that is paused stay where they are, lost leases too", async () => {
  await add("t", "u");
  await work().claim(1, LEASE_MS);
  nowMs += LEASE_MS;
  await metadata.scorers.configure(scorerId, { paused: "the key was refused" });
  expect(await work().claim(10, LEASE_MS)).toEqual([]);
  await metadata.scorers.configure(scorerId, { paused: undefined });
  expect(await work().claim(10, LEASE_MS)).toHaveLength(2);
});

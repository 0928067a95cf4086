import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Metadata, openMetadata } from "./open-metadata.ts";

const dataDir = mkdtempSync(join(tmpdir(), "telltale-prices-"));
let metadata: Metadata;
let clock = 1_000;
beforeAll(async () => {
  metadata = await openMetadata({ dataDir }, { now: () => (clock += 1) });
});
afterAll(async () => {
  await metadata.close();
  rmSync(dataDir, { recursive: true });
});

const price = (id: string, model = id) => ({ id, provider: undefined, model, from: undefined, rates: { input: "1" }, longContext: [], note: "" });

test("prices are replaced as a whole, in their order, and retired ones can still be read", async () => {
  const { prices } = metadata;
  await prices.replace([price("a"), price("b")], []);
  const after = await prices.replace([price("c"), { ...price("a"), note: "contract" }], ["a", "b"]);
  expect(after.map(({ id, note }) => [id, note])).toEqual([["c", ""], ["a", "contract"]]); // prettier-ignore
  expect(await prices.list()).toEqual(after);
  expect((await prices.find(["b", "never"])).map(({ id }) => id)).toEqual(["b"]);
  expect(after[1]?.createdMs).toBeLessThan(after[0]?.createdMs ?? 0);
});

test("thresholds of retired prices are still known", async () => {
  const inForce = (await metadata.prices.list()).map(({ id }) => id);
  const long = { ...price("long"), longContext: [{ above: 5000, rates: {} }, { above: 9000, rates: {} }] }; // prettier-ignore
  await metadata.prices.replace([long], inForce);
  await metadata.prices.replace([price("c"), price("a")], ["long"]);
  expect(await metadata.prices.thresholds()).toEqual([5000, 9000]);
});

test("who changes prices that somebody else changed meanwhile is told", async () => {
  await expect(metadata.prices.replace([], ["a", "b"])).rejects.toMatchObject({ code: "version_conflict", status: 409 });
  expect((await metadata.prices.list()).length).toBe(2);
  expect(await metadata.prices.replace([], undefined)).toEqual([]);
});

test("one run at a time; a cancelled one does not change any more", async () => {
  const { repriceJobs } = metadata;
  const job = await repriceJobs.create({ filter: "x" }, { seen: 0 });
  await expect(repriceJobs.create({}, {})).rejects.toMatchObject({ code: "already_exists" });
  expect(await repriceJobs.update(job.id, { progress: { seen: 5 } })).toMatchObject({ state: "running", progress: { seen: 5 } });
  await repriceJobs.update(job.id, { state: "cancelled" });
  expect(await repriceJobs.update(job.id, { progress: { seen: 9 }, state: "done" })).toBeUndefined();
  expect(await repriceJobs.find(job.id)).toMatchObject({ state: "cancelled", progress: { seen: 5 }, question: { filter: "x" } });
  const next = await repriceJobs.create({}, {});
  expect((await repriceJobs.list(10)).map(({ id }) => id)).toEqual([next.id, job.id]);
  expect(await repriceJobs.find("x")).toBeUndefined();
});

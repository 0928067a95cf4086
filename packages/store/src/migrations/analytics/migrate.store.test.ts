import type { RawLog } from "@telltale/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Block, writeBlock } from "../../analytics/block.ts";
import { deleteTraces } from "../../analytics/delete-traces.ts";
import { openTestEngine } from "../../analytics/questions/engine.testing.ts";
import { traceQuestions } from "../../analytics/questions/index.ts";
import { addToBlock, makeWorld } from "../../analytics/questions/world.testing.ts";
import type { EmbeddedEngine } from "../../engine/embedded.ts";
import { analyticsMigrations, migrateAnalytics } from "./migrate.ts";

let engine: EmbeddedEngine;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ engine, close } = await openTestEngine([]));
}, 60_000);
afterAll(() => close());

test("traces written before whole rows were kept are listed and opened after the update, deleted ones are not", async () => {
  await migrateAnalytics(
    engine,
    analyticsMigrations.filter(({ version }) => version !== 2 && version !== 8), // 8 is about the table that 2 makes, among others
  );
  const [gone, ...world] = makeWorld(120, 5);
  if (gone === undefined) throw new Error("no trace");
  const long = { ...(world[0] ?? gone), trace: { ...gone.trace, traceId: "years-ago", startNs: 3_600_000_000_000n, endNs: 3_600_000_000_001n } };
  const written = [...world, long];
  for (const version of [1n, 2n]) {
    const block = new Block();
    for (const item of [gone, ...written]) addToBlock(block, version === 1n ? { ...item, trace: { ...item.trace, name: "not yet named" } } : item, version);
    await writeBlock(engine, block, `b${version}`);
  }
  await deleteTraces(engine, gone.trace.projectId, [gone.trace.traceId], 3n);

  await migrateAnalytics(engine);
  const questions = traceQuestions(engine, { unpackLog: () => ({}) as RawLog, windowRows: 40 });
  const { traces } = await questions.searchTraces({ scope: { projectIds: "all" }, limit: 500 });
  expect(traces.map(({ traceId, name }) => `${traceId} ${name}`).toSorted()).toEqual(written.map(({ trace }) => `${trace.traceId} ${trace.name}`).toSorted());
  expect(await questions.findTraces({ projectIds: "all" }, [gone.trace.traceId])).toEqual([]);
  for (const { trace } of written.slice(0, 5)) {
    const [found] = await questions.findTraces({ projectIds: [trace.projectId] }, [trace.traceId]);
    expect(found).toMatchObject({ traceId: trace.traceId, startNs: trace.startNs, tags: trace.tags, costUsd: trace.costUsd, models: trace.models });
  }
}, 60_000);

test("every migration may run again, as after a crash in its middle", async () => {
  const count = async (): Promise<unknown> => await engine.query("SELECT count() AS n FROM trace_rows FINAL");
  const before = await count();
  await engine.command("DROP TABLE telltale_migrations");
  await migrateAnalytics(engine);
  expect(await count()).toEqual(before);
});

test("data of a newer version is refused in one line", async () => {
  const newest = Math.max(...analyticsMigrations.map(({ version }) => version));
  await migrateAnalytics(engine, [...analyticsMigrations, { version: newest + 1, name: "hoverboards", statements: [] }]);
  await expect(migrateAnalytics(engine)).rejects.toThrow(`(analytics schema ${newest + 1}, this one knows ${newest})`);
});

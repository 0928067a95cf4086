import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Block, writeBlock } from "../analytics/block.ts";
import { indexFreshParts } from "../analytics/index-fresh-parts.ts";
import { writePayloadRow } from "../analytics/rows/payload-row.ts";
import { analyticsMigrations, migrateAnalytics } from "../migrations/analytics/migrate.ts";
import { EmbeddedEngine } from "./embedded.ts";

const dir = mkdtempSync(join(tmpdir(), "telltale-engine-"));
const command = [process.execPath, "--import", "tsx", fileURLToPath(new URL("child.ts", import.meta.url))];
let engine: EmbeddedEngine;
beforeAll(async () => {
  engine = new EmbeddedEngine({ dir: join(dir, "db"), command });
  await engine.ready();
  await migrateAnalytics(engine);
});
afterAll(async () => {
  await engine.close();
  rmSync(dir, { recursive: true, force: true });
});

test("parameters arrive as data, whatever is in them", async () => {
  const text = "it's \\ \t\n'); DROP TABLE spans; -- 😀";
  const [row] = await engine.query<{ s: string; a: string[]; n: string }>("SELECT {s:String} AS s, {a:Array(String)} AS a, {n:UInt64} AS n", {
    s: text,
    a: [text, ""],
    n: 18_446_744_073_709_551_615n,
  });
  expect(row).toEqual({ s: text, a: [text, ""], n: "18446744073709551615" });
});

test("a block written twice is there once", async () => {
  const make = (): Block => {
    const block = new Block();
    for (let i = 0; i < 10; i += 1)
      writePayloadRow(
        block.payloads,
        "0",
        1_795_424_400,
        { traceId: "a".repeat(32), spanId: `${i}`, startNs: 1n, inputs: "hello world", outputs: "", raw: "", words: "" },
        7n,
      );
    return block;
  };
  await writeBlock(engine, make(), "one");
  await writeBlock(engine, make(), "two");
  const [row] = await engine.query<{ n: string }>("SELECT count() AS n FROM payloads FINAL");
  expect(row?.n).toBe("10");
  const [found] = await engine.query<{ n: string }>("SELECT count() AS n FROM payloads FINAL WHERE hasToken(lower(inputs), 'world')");
  expect(found?.n).toBe("10");
});

test("a query over its time limit is stopped and says so; a cancelled one frees its connection", async () => {
  const slow = "SELECT count() AS n FROM system.numbers WHERE NOT ignore(cityHash64(number))";
  await expect(engine.query(slow, {}, { maxSeconds: 1, lane: "heavy" })).rejects.toMatchObject({ code: "query_limit" });
  const abort = new AbortController();
  const cancelled = engine.query(slow, {}, { maxSeconds: 30, lane: "heavy", signal: abort.signal });
  setTimeout(() => abort.abort(), 300);
  await expect(cancelled).rejects.toMatchObject({ code: "query_cancelled" });
  await expect(engine.query("SELECT 1 AS one", {}, { lane: "heavy" })).resolves.toEqual([{ one: 1 }]);
});

test("a page is answered while a heavy query runs", async () => {
  const abort = new AbortController();
  const heavy = engine.query(
    "SELECT count() AS n FROM system.numbers WHERE NOT ignore(cityHash64(number))",
    {},
    { lane: "heavy", signal: abort.signal, maxSeconds: 30 },
  );
  heavy.catch(() => {});
  await expect(engine.query("SELECT 1 AS one")).resolves.toEqual([{ one: 1 }]);
  abort.abort();
  await expect(heavy).rejects.toMatchObject({ code: "query_cancelled" });
});

test("data of a newer version is refused, and a new migration runs once on data of the previous version", async () => {
  const newest = Math.max(...analyticsMigrations.map(({ version }) => version));
  await expect(migrateAnalytics(engine, analyticsMigrations)).resolves.toBe(newest);
  const next = [
    ...analyticsMigrations,
    { version: newest + 1, name: "add a column", statements: ["ALTER TABLE payloads ADD COLUMN IF NOT EXISTS extra String DEFAULT 'none'"] },
  ];
  await expect(migrateAnalytics(engine, next)).resolves.toBe(newest + 1);
  const [row] = await engine.query<{ extra: string; inputs: string }>("SELECT extra, inputs FROM payloads FINAL LIMIT 1");
  expect(row).toEqual({ extra: "none", inputs: "hello world" });
  await expect(migrateAnalytics(engine, analyticsMigrations)).rejects.toThrow(/newer Telltale/);
});

test("after a kill -9 of the child it comes back with its data", async () => {
  const before = engine.pid;
  if (before === undefined) throw new Error("no child");
  process.kill(before, "SIGKILL");
  await expect
    .poll(
      () =>
        engine.query<{ n: string }>("SELECT count() AS n FROM payloads FINAL").then(
          (rows) => rows[0]?.n,
          () => undefined,
        ),
      { timeout: 10_000, interval: 50 },
    )
    .toBe("10");
  expect(engine.pid).not.toBe(before);
  expect(engine.restarts).toBe(1);
});

test("a query that fails half way leaves nothing behind for the next one on its connection", async () => {
  const failing = "SELECT number AS leaked, throwIf(number = 200000) AS t FROM numbers(300000) SETTINGS max_block_size = 1000";
  for (let i = 0; i < 3; i += 1) {
    await expect(engine.query(failing, {}, { lane: "heavy" })).rejects.toThrow(/engine/);
    await expect(engine.query("SELECT 1 AS one", {}, { lane: "heavy" })).resolves.toEqual([{ one: 1 }]);
  }
});

test("fresh parts get their index when asked, and only those that are worth it", async () => {
  const block = new Block();
  for (let i = 0; i < 2_000; i += 1) {
    writePayloadRow(
      block.payloads,
      "0",
      1_795_424_400,
      { traceId: "b".repeat(32), spanId: `${i}`, startNs: 1n, inputs: `word${i}`, outputs: "", raw: "", words: "" },
      8n,
    );
  }
  await engine.command("SYSTEM STOP MERGES payloads");
  await writeBlock(engine, block, "fresh");
  const unindexed = (): Promise<string | undefined> =>
    engine
      .query<{ n: string }>("SELECT sum(rows) AS n FROM system.parts WHERE active AND table = 'payloads' AND secondary_indices_compressed_bytes = 0")
      .then((rows) => rows[0]?.n);
  expect(Number(await unindexed())).toBeGreaterThanOrEqual(2_000);
  await engine.command("SYSTEM START MERGES payloads");
  expect(await indexFreshParts(engine)).toEqual(["payloads"]);
  await expect.poll(unindexed, { timeout: 10_000 }).toBe("0");
  expect(await indexFreshParts(engine)).toEqual([]);
});

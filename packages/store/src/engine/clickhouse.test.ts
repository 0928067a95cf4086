import { afterAll, beforeAll, expect, test } from "vitest";
import { Block, writeBlock } from "../analytics/block.ts";
import { writePayloadRow } from "../analytics/rows/payload-row.ts";
import { migrateAnalytics } from "../migrations/analytics/migrate.ts";
import { startClickHouseTestServer } from "./clickhouse-test-server.ts";
import { ClickHouseEngine } from "./clickhouse.ts";

let server: Awaited<ReturnType<typeof startClickHouseTestServer>>;
let engine: ClickHouseEngine;
beforeAll(async () => {
  server = await startClickHouseTestServer();
  engine = new ClickHouseEngine(server.url);
  await engine.ready();
  await migrateAnalytics(engine);
});
afterAll(async () => {
  await engine.close();
  await server.close();
});

test("the same schema, rows and questions work over the ClickHouse HTTP protocol", async () => {
  const block = new Block();
  for (let i = 0; i < 10; i += 1)
    writePayloadRow(
      block.payloads,
      "0",
      1_795_424_400,
      { traceId: "a".repeat(32), spanId: `${i}`, startNs: 1n, inputs: `hello ${i}`, outputs: "日本", raw: "", words: "" },
      7n,
    );
  await writeBlock(engine, block, "one");
  await writeBlock(engine, block, "two");
  const rows = await engine.query<{ span_id: string; outputs: string }>(
    "SELECT span_id, outputs FROM payloads FINAL WHERE trace_id IN {ids:Array(String)} ORDER BY span_id LIMIT 2",
    { ids: ["a".repeat(32)] },
  );
  expect(rows).toEqual([
    { span_id: "0", outputs: "日本" },
    { span_id: "1", outputs: "日本" },
  ]);
});

test("parameters arrive as data over HTTP too", async () => {
  const text = "it's \\ \t\n'); DROP TABLE spans; -- 😀";
  await expect(engine.query("SELECT {s:String} AS s", { s: text })).resolves.toEqual([{ s: text }]);
});

test("limits become typed errors, an unreachable server is store_unavailable", async () => {
  await expect(engine.query("SELECT count() AS n FROM system.numbers WHERE NOT ignore(cityHash64(number))", {}, { maxSeconds: 1 })).rejects.toMatchObject({
    code: "query_limit",
  });
  const nowhere = new ClickHouseEngine("http://127.0.0.1:1");
  await expect(nowhere.query("SELECT 1 AS one")).rejects.toMatchObject({ code: "store_unavailable" });
  await nowhere.close();
});

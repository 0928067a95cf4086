import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TelltaleError, type ProjectScope } from "@telltale/model";
import { sqlExamples, sqlFunctions, sqlViews } from "@telltale/model/sql";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Block, writeBlock } from "../analytics/block.ts";
import { openTestEngine } from "../analytics/questions/engine.testing.ts";
import { addToBlock, makeWorld } from "../analytics/questions/world.testing.ts";
import { startClickHouseTestServer } from "../engine/clickhouse-test-server.ts";
import { ClickHouseEngine } from "../engine/clickhouse.ts";
import type { Engine, QueryParam } from "../engine/engine.ts";
import { migrateAnalytics } from "../migrations/analytics/migrate.ts";
import { runSql, type SqlQuestion, type SqlResult } from "./run-sql.ts";

const all: ProjectScope = { projectIds: "all" };
const mine: ProjectScope = { projectIds: ["0"] };
const world = makeWorld(120, 5);
const secretFile = join(mkdtempSync(join(tmpdir(), "telltale-sql-")), "secret.csv");
writeFileSync(secretFile, "s3cret\n");
afterAll(() => rmSync(join(secretFile, ".."), { recursive: true, force: true }));

const engines: Record<string, () => Promise<{ engine: Engine; close: () => Promise<void> }>> = {
  "the embedded engine": openTestEngine,
  "a ClickHouse server": async () => {
    const server = await startClickHouseTestServer();
    const engine = new ClickHouseEngine(server.url);
    await migrateAnalytics(engine);
    return {
      engine,
      close: async () => {
        await engine.close();
        await server.close();
      },
    };
  },
};

describe.each(Object.keys(engines))("read-only SQL on %s", (name) => {
  let engine: Engine;
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ engine, close } = (await engines[name]?.()) ?? expect.unreachable());
    const block = new Block();
    for (const item of world) addToBlock(block, item, 5n);
    await writeBlock(engine, block, "world");
    await engine.command("CREATE TABLE bystander (secret String) ENGINE = MergeTree ORDER BY secret");
    await engine.command("INSERT INTO bystander VALUES ('s3cret')");
  }, 60_000);
  afterAll(() => close());

  const run = (query: string, more: Partial<SqlQuestion> = {}): Promise<SqlResult> => runSql(engine, { scope: mine, params: {}, query, ...more });
  const rows = async (query: string, more: Partial<SqlQuestion> = {}): Promise<unknown[][]> => (await run(query, more)).rows;
  const inProject0 = world.filter(({ trace }) => trace.projectId === "0");

  test("every view has every documented column, of the documented type", async () => {
    for (const view of sqlViews) {
      const { columns } = await run(`SELECT * FROM ${view.name}`, { scope: all });
      expect(columns, view.name).toEqual(view.columns.map((column) => ({ name: column.name, type: column.type })));
    }
  });

  test("every example runs", async () => {
    for (const example of sqlExamples) await run(example.query, { scope: all });
  });

  test("reads the projects of the scope, and no other", async () => {
    expect(inProject0.length).toBeGreaterThan(0);
    expect(inProject0.length).toBeLessThan(world.length);
    expect(await rows("SELECT count() FROM traces")).toEqual([[inProject0.length]]);
    expect(await rows("SELECT count() FROM traces", { scope: all })).toEqual([[world.length]]);
    expect(await rows("SELECT count() FROM traces", { scope: { projectIds: [] } })).toEqual([[0]]);
    expect(await rows("SELECT count() FROM spans")).toEqual([[inProject0.reduce((sum, { spans }) => sum + spans.length, 0)]]);
    const odd = ["0", "x') OR 1 OR project_id IN ('", "\\", "\\') OR 1 --"];
    for (const view of sqlViews) expect(await rows(`SELECT DISTINCT project_id FROM ${view.name}`, { scope: { projectIds: odd } }), view.name).toEqual([["0"]]);
  });

  test("joins, subqueries, windows, unions and subqueries with a name see the same views", async () => {
    const n = inProject0.length;
    const withSpans = inProject0.filter(({ spans }) => spans.length > 0).length;
    const counts = await rows(`WITH slow AS (SELECT trace_id FROM traces WHERE duration_ms >= 0)
        SELECT count() FROM traces WHERE trace_id IN (SELECT trace_id FROM slow) AND trace_id IN slow -- all of them
        UNION ALL SELECT (SELECT count() FROM traces) /* again */
        UNION ALL SELECT uniqExact(t.trace_id) FROM spans AS s INNER JOIN traces AS t ON s.trace_id = t.trace_id
        UNION ALL SELECT max(n) FROM (SELECT row_number() OVER (ORDER BY start_time) AS n FROM traces)`);
    expect(counts.flat().toSorted()).toEqual([n, n, n, withSpans].toSorted());
  });

  test("from and to are about the start of the trace, in every view", async () => {
    const starts = inProject0.map(({ trace }) => trace.startNs).toSorted((a, b) => (a < b ? -1 : 1));
    const fromNs = starts[10] as bigint;
    const toNs = starts[40] as bigint;
    const inside = inProject0.filter(({ trace }) => trace.startNs >= fromNs && trace.startNs < toNs);
    const window = { fromNs, toNs };
    expect(await rows("SELECT count() FROM traces", window)).toEqual([[inside.length]]);
    expect(await rows("SELECT count() FROM spans", window)).toEqual([[inside.reduce((sum, { spans }) => sum + spans.length, 0)]]);
    expect(await rows("SELECT uniqExact(trace_id) FROM payloads", window)).toEqual([[inside.filter(({ spans }) => spans.length > 0).length]]);
    expect(await rows("SELECT countIf(trace_start < {a:DateTime64(9)}) FROM assessments", { ...window, params: { a: "2000-01-01 00:00:00" } })).toEqual([[0]]);
  });

  test("parameters are data", async () => {
    const odd = "it's \\ \t\n') OR 1 = 1 -- 😀";
    const params: Record<string, QueryParam> = { text: odd, list: ["a", odd], many: 3, none: null };
    expect(await rows("SELECT {text:String}, {text:String} IN {list:Array(String)}, {many:UInt8} + 1, {none:Nullable(String)}", { params })).toEqual([
      [odd, 1, 4, null],
    ]);
    await expect(run("SELECT {absent:String}")).rejects.toMatchObject({ code: "sql_invalid" });
    await expect(run("SELECT 1", { params: { p1: "x" } })).rejects.toMatchObject({ code: "bad_request" });
  });

  test("values keep their meaning: times, large integers, NaN, maps", async () => {
    expect(
      await rows("SELECT toDateTime64('2026-11-23 09:00:00.123456789', 9, 'UTC'), 9007199254740993, 9007199254740991, 0 / 0, map('a', 1), '1234567890123456'"),
    ).toEqual([["2026-11-23T09:00:00.123456789Z", "9007199254740993", 9007199254740991, null, { a: 1 }, "1234567890123456"]]);
  });

  test("more rows than the limit are cut and said to be", async () => {
    const { rows: kept, truncated } = await run("SELECT arrayJoin(range(20000)) AS n ORDER BY n DESC");
    expect([kept.length, kept[0], truncated]).toEqual([10_000, [19_999], true]);
    expect((await run("SELECT arrayJoin(range(10000))")).truncated).toBe(false);
    await expect(run("SELECT repeat('x', 10000), arrayJoin(range(9000))")).rejects.toMatchObject({
      code: "query_limit",
      message: expect.stringContaining("32,000,000 bytes"),
    });
  });

  test("a mistake is the caller's, with the engine's words and the place", async () => {
    await expect(run("SELECT 1\nFORM traces")).rejects.toMatchObject({ code: "sql_invalid", status: 400, column: 14, field: "query" });
    await expect(run("SELECT '日本', x y z")).rejects.toMatchObject({ column: 17 });
    await expect(run("SELECT durationms FROM traces")).rejects.toMatchObject({
      code: "sql_invalid",
      column: 7,
      message: expect.stringContaining("duration_ms"),
    });
    for (const query of [
      "SELECT name, count() FROM traces",
      "SELECT 1 + 'x'",
      "SELECT 1 FROM nowhere",
      "",
      "SELECT",
      "SELECT toDate('x')",
      "SELECT count(1, 2, 3)",
    ]) {
      const error: unknown = await run(query).catch((caught: unknown) => caught);
      expect(error, query).toBeInstanceOf(TelltaleError);
      expect(error, query).toMatchObject({ code: "sql_invalid" });
      expect((error as Error).message, query).not.toMatch(/DB::Exception|in scope/i);
      expect((error as Error).message, query).not.toMatch(/Code: \d|In scope|formatQuery|additional_table_filters|version \d/);
    }
  });

  test("limits of time and memory end a query; another runs after it", async () => {
    await expect(run("SELECT groupArray(repeat('x', 1000000)) FROM (SELECT arrayJoin(range(5000000)))")).rejects.toMatchObject({ code: "query_limit" });
    expect(await rows("SELECT 1")).toEqual([[1]]);
  });

  test("a query is cancelled when its caller goes", async () => {
    const abort = new AbortController();
    const started = performance.now();
    const query = "SELECT max(cityHash64(a, b)) FROM (SELECT arrayJoin(range(100000)) AS a) AS x CROSS JOIN (SELECT arrayJoin(range(100000)) AS b) AS y";
    const running = runSql(engine, { scope: mine, params: {}, query }, abort.signal);
    setTimeout(() => abort.abort(), 500);
    await expect(running).rejects.toMatchObject({ code: "query_cancelled" });
    expect(performance.now() - started).toBeLessThan(6_000); // its own limit is ten seconds
  });

  const chain = Array.from({ length: 24 }, (_, i) => `a${i} AS (SELECT * FROM ${i === 0 ? "(SELECT 1 AS q)" : `a${i - 1} AS x CROSS JOIN a${i - 1} AS y`})`);
  test.each([
    ["parentheses in parentheses", `SELECT ${"(".repeat(20_000)}1${")".repeat(20_000)}`],
    ["an expression as deep as it is long", `SELECT ${"1+".repeat(20_000)}1`],
    ["queries in queries", `${"SELECT * FROM (".repeat(2_500)}SELECT 1${")".repeat(2_500)}`],
    ["names that double what they stand for", `WITH ${chain.join(", ")} SELECT count() FROM a23`],
    ["sums that double what they stand for", `SELECT 1 AS a0, ${Array.from({ length: 60 }, (_, i) => `a${i} + a${i} AS a${i + 1}`).join(", ")}`],
    ["recursion without end", "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT count() FROM r"],
  ])("%s: refused soon", async (_, query) => {
    const started = performance.now();
    await expect(run(query)).rejects.toMatchObject({ code: "sql_invalid" });
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  const attacks: string[] = [
    // other statements
    "DROP TABLE traces",
    "INSERT INTO traces SELECT * FROM traces",
    "ALTER TABLE traces DELETE WHERE 1",
    "CREATE TABLE x (a Int8) ENGINE = Memory",
    "SELECT 1; DROP TABLE traces",
    "SELECT 1;;SELECT 2",
    "SET max_execution_time = 0",
    "USE system",
    "SYSTEM SHUTDOWN",
    "KILL QUERY WHERE 1",
    "SHOW TABLES",
    "DESCRIBE TABLE traces",
    "EXISTS TABLE traces",
    "EXPLAIN SELECT 1",
    "EXPLAIN AST SELECT 1",
    "BACKUP TABLE traces TO File('x')",
    "ATTACH TABLE x",
    "GRANT ALL ON *.* TO default",
    "OPTIMIZE TABLE traces FINAL",
    "DESCRIBE (SELECT 1)",
    "SELECT 1 PARALLEL WITH SELECT 2",
    // output and settings
    "SELECT 1 INTO OUTFILE '/tmp/x'",
    "SELECT 1 FORMAT Null",
    "SELECT 1 SETTINGS max_execution_time = 0",
    "SELECT * FROM (SELECT 1 SETTINGS readonly = 0)",
    "SELECT 1 UNION ALL SELECT 2 SETTINGS additional_table_filters = {}",
    "WITH x AS (SELECT 1 SETTINGS max_memory_usage = 0) SELECT * FROM x",
    "SELECT (SELECT count() FROM traces SETTINGS additional_table_filters = {})",
    // tables behind the views and beside them
    "SELECT * FROM default.traces",
    "SELECT * FROM `default`.`traces`",
    'SELECT * FROM "default"."traces"',
    "SELECT * FROM default . traces",
    "SELECT * FROM /**/default/**/./**/traces",
    "SELECT * FROM metric_points",
    "SELECT * FROM span_logs",
    "SELECT * FROM telltale_migrations",
    "SELECT * FROM bystander",
    "SELECT * FROM `bystander`",
    "SELECT * FROM system.tables",
    "SELECT * FROM system.query_log",
    "SELECT * FROM information_schema.tables",
    "SELECT * FROM INFORMATION_SCHEMA.COLUMNS",
    "SELECT 1 WHERE 'x' IN system.tables",
    "SELECT 1 WHERE 's3cret' IN bystander",
    "SELECT 1 WHERE 's3cret' NOT IN (bystander)",
    "SELECT 1 WHERE 's3cret' GLOBAL IN bystander",
    "SELECT 1 WHERE in('s3cret', bystander)",
    "SELECT 1 WHERE nullIn('s3cret', bystander)",
    "SELECT * FROM traces JOIN bystander ON 1 = 1",
    "SELECT * FROM traces, bystander",
    "SELECT (SELECT any(secret) FROM bystander)",
    "SELECT * FROM (SELECT * FROM (SELECT * FROM bystander))",
    "SELECT count() FROM traces WHERE EXISTS (SELECT 1 FROM bystander)",
    "SELECT 1 UNION ALL SELECT count() FROM bystander",
    "SELECT 1 EXCEPT SELECT secret FROM bystander",
    "SELECT 1 INTERSECT SELECT secret FROM bystander",
    "SELECT sum(1) OVER (PARTITION BY (SELECT any(secret) FROM bystander)) FROM traces",
    "SELECT sum(1) OVER w FROM traces WINDOW w AS (ORDER BY (SELECT any(secret) FROM bystander))",
    "SELECT name FROM traces ORDER BY (SELECT any(secret) FROM bystander)",
    "SELECT name FROM traces GROUP BY name HAVING (SELECT 1 FROM bystander)",
    "SELECT name FROM traces LIMIT (SELECT count() FROM bystander)",
    "SELECT name FROM traces LIMIT 1 BY (SELECT any(secret) FROM bystander)",
    "SELECT n FROM (SELECT 1 AS n) ORDER BY n WITH FILL FROM 1 TO (SELECT count() FROM bystander)",
    "SELECT name FROM traces QUALIFY (SELECT any(secret) FROM bystander) = 'a'",
    "SELECT 1 FROM traces PREWHERE (SELECT 1 FROM bystander)",
    "SELECT a FROM traces ARRAY JOIN (SELECT groupArray(secret) FROM bystander) AS a",
    "SELECT arrayMap(x -> (SELECT any(secret) FROM bystander), [1])",
    "SELECT * REPLACE ((SELECT any(secret) FROM bystander) AS name) FROM traces",
    "SELECT quantile((SELECT 0.5 FROM bystander))(duration_ms) FROM traces",
    "SELECT * FROM traces AS a LEFT JOIN traces AS b ON a.name = (SELECT any(secret) FROM bystander)",
    // a name that means a subquery here and the table there
    "SELECT * FROM (WITH bystander AS (SELECT 1 AS secret) SELECT * FROM bystander) AS a, bystander AS b",
    "SELECT * FROM (WITH payloads AS (SELECT 1) SELECT * FROM payloads) AS a, payloads AS b",
    "SELECT * FROM (WITH span_logs AS (SELECT 1) SELECT * FROM span_logs) AS a, span_logs AS b",
    "SELECT * FROM (WITH `bystander` AS (SELECT 1 AS secret) SELECT 1) AS a, `bystander` AS b",
    'WITH "metric_points" AS (SELECT 1) SELECT * FROM metric_points',
    "WITH traces AS (SELECT * FROM traces) SELECT * FROM traces",
    "WITH bystander (secret) AS (SELECT 1) SELECT * FROM bystander",
    // table functions
    `SELECT * FROM file('${secretFile}')`,
    "SELECT * FROM url('http://127.0.0.1:1/')",
    "SELECT * FROM s3('http://127.0.0.1:1/x')",
    "SELECT * FROM remote('127.0.0.1', system.one)",
    "SELECT * FROM remote('127.0.0.1', default, traces)",
    "SELECT * FROM cluster('x', system.one)",
    "SELECT * FROM mysql('127.0.0.1:1', 'a', 'b', 'c', 'd')",
    "SELECT * FROM postgresql('127.0.0.1:1', 'a', 'b', 'c', 'd')",
    "SELECT * FROM executable('id', TSV, 'x String')",
    "SELECT * FROM numbers(1000000000)",
    "SELECT * FROM merge('.*')",
    "SELECT * FROM merge('default', '.*')",
    "SELECT * FROM view(SELECT * FROM bystander)",
    "SELECT * FROM viewExplain('EXPLAIN', '', (SELECT 1))",
    "SELECT * FROM (EXPLAIN SELECT 1)",
    "SELECT * FROM mergeTreeIndex(currentDatabase(), traces)",
    "SELECT * FROM dictionary('x')",
    "SELECT * FROM values('a String', 'x')",
    "SELECT * FROM input('a String')",
    "SELECT * FROM generateRandom('a String')",
    "SELECT * FROM loop(bystander)",
    "SELECT * FROM python('x')",
    "SELECT * FROM traces JOIN file('x') USING (name)",
    "SELECT 1 WHERE 1 IN (SELECT * FROM numbers(3))",
    "SELECT 1 WHERE 1 IN numbers(3)",
    "WITH x AS (SELECT * FROM url('http://127.0.0.1:1/')) SELECT 1",
    // functions
    `SELECT file('${secretFile}')`,
    "SELECT FILE('x')",
    "SELECT `file`('x')",
    "SELECT dictGet('x', 'y', 1)",
    "SELECT joinGet('bystander', 'secret', 1)",
    "SELECT sleep(3)",
    "SELECT sleepEachRow(1) FROM traces",
    "SELECT getSetting('additional_table_filters')",
    "SELECT getServerSetting('max_server_memory_usage')",
    "SELECT hostName(), FQDN(), tcpPort(), version(), uptime(), serverUUID()",
    "SELECT currentUser(), current_user(), user()",
    "SELECT @@version",
    "SELECT hasColumnInTable(currentDatabase(), 'bystander', 'secret')",
    "SELECT getMacro('x')",
    "SELECT addressToSymbol(1)",
    "SELECT filesystemAvailable()",
    "SELECT showCertificate()",
    "SELECT aiGenerate('x')",
    "SELECT catboostEvaluate('/x', 1)",
    "SELECT evalMLMethod(1, 2)",
    "SELECT chdb('SELECT 1')",
    "SELECT arrayReduce('aggThrow', [1])",
    "SELECT initializeAggregation('sum', 1)",
    "SELECT sumState(1)",
    "SELECT aggThrow(0.5)",
    "SELECT throwIf(1)",
    "SELECT __getScalar('x')",
    "SELECT arrayMap(x -> sleep(x), [1])",
    "SELECT arrayMap(sleep, [1])",
    "WITH (x -> hostName()) AS f SELECT f(1)",
    "SELECT count() FILTER (WHERE sleep(1)) FROM traces",
    "SELECT sumIf(1, sleep(1) = 0) FROM traces",
    "SELECT quantile(0.5)(sleep(1)) FROM traces",
    "SELECT COLUMNS('name') APPLY(hostName) FROM traces",
    "SELECT * APPLY(x -> hostName()) FROM traces",
    "SELECT * APPLY(sleep) FROM traces",
    "SELECT name FROM traces LIMIT sleep(1)",
    "SELECT name FROM traces SAMPLE 1 / 2",
    "SELECT name FROM traces ORDER BY name WITH FILL INTERPOLATE (name AS hostName())",
    // look-alikes and other encodings
    "SELECT * FROM trаces", // Cyrillic а
    "SELECT * FROM ｔraces",
    "SELECT * FROM `default.traces`",
    "SELECT * FROM `bystander\u0000`",
    "SELECT * FROM `traces\n              TableIdentifier traces`",
    "SELECT 1 AS `x) (children 1`",
    "SELECT * FROM `by\\x73tander`",
    'SELECT * FROM U&"bystander"',
    "SELECT slеep(1)", // Cyrillic е
    "SELECT * FROM /*! bystander */ bystander",
    "SELECT * FROM traces -- \n, bystander",
    "SELECT * FROM traces # x\n, bystander",
    "SELECT 1) UNION ALL (SELECT secret FROM bystander",
    "SELECT 1) FROM bystander --",
    "(SELECT 1) , (SELECT * FROM bystander)",
    "SELECT * FROM $$bystander$$",
    "WITH RECURSIVE r AS (SELECT secret FROM bystander UNION ALL SELECT secret FROM r) SELECT * FROM r",
    "FROM bystander SELECT *",
    "VALUES (1)",
    "TABLE bystander",
  ];
  test.each(attacks)("refuses %j", async (query) => {
    const error: unknown = await run(query).then(
      (result) => result,
      (caught: unknown) => caught,
    );
    expect(error).toBeInstanceOf(TelltaleError);
    expect(error).toMatchObject({ code: "sql_invalid" });
    expect((error as Error).message).not.toContain("s3cret");
  });

  test.each<[string, Record<string, QueryParam>]>([
    ["SELECT * FROM {name:Identifier}", { name: "bystander" }],
    ["SELECT * FROM {db:Identifier}.{name:Identifier}", { db: "default", name: "traces" }],
    ["SELECT * FROM {name:Identifier}", { name: "default.traces" }],
    ["SELECT * FROM {name:Identifier}", { name: "traces`, bystander AS `x" }],
    ["SELECT 1 WHERE 's3cret' IN {name:Identifier}", { name: "bystander" }],
    ["WITH {name:Identifier} AS (SELECT 1) SELECT * FROM bystander", { name: "bystander" }],
  ])("refuses %j with %j", async (query, params) => {
    await expect(run(query, { params })).rejects.toMatchObject({ code: "sql_invalid" });
  });

  test("with its first two walls gone the engine itself still adds the scope", async () => {
    const { settingsFor } = await import("./run-sql.ts");
    const counted = await engine.queryTable("SELECT count() FROM traces", {}, { settings: settingsFor(mine, "default") });
    expect(counted.rows).toEqual([[inProject0.length]]);
  });

  test("nothing of what was tried changed anything", async () => {
    expect(await rows("SELECT count() FROM traces", { scope: all })).toEqual([[world.length]]);
    expect(await engine.query("SELECT secret FROM bystander")).toEqual([{ secret: "s3cret" }]);
  });

  test("every function of the list is one of the engine's", async () => {
    const known = await engine.query<{ name: string }>("SELECT lower(name) AS name FROM system.functions");
    const names = new Set(known.map((row) => row.name));
    const syntax = new Set(["lambda", "exists", "case", "casewithoutexpression", "casewithexpression", "grouping"]);
    const unknown = Object.values(sqlFunctions)
      .flat()
      .filter((listed) => !names.has(listed.toLowerCase()) && !syntax.has(listed.toLowerCase()));
    expect(unknown).toEqual([]);
  });
});

import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { parseFilter, parseOrderBy } from "../../packages/model/src/filter/index.ts";
import { EmbeddedEngine, migrateAnalytics, runSql, sloCounts, type TraceQuery, traceQuestions } from "../../packages/store/src/index.ts";
import { type Figure, quantile, report } from "./report.ts";
import { fill, settle, shape } from "./reads-data.ts";

/**
 * Reads at a million spans, each against its limit: `npx tsx tests/bench/reads.ts [--spans 1000000] [--runs 40] [--data DIR]`.
 * With `--data` the folder is filled once and kept.
 */
const { values: flags } = parseArgs({
  options: { spans: { type: "string", default: "1000000" }, runs: { type: "string", default: "40" }, data: { type: "string" }, only: { type: "string" } },
});
const spans = Number(flags.spans);
const runs = Number(flags.runs);
const traces = Math.ceil(spans / shape.spansPerTrace);
const dir = flags.data ?? mkdtempSync(join(tmpdir(), "telltale-reads-"));
const child = fileURLToPath(new URL("../../packages/store/src/engine/child.ts", import.meta.url));
const engine = new EmbeddedEngine({ dir: join(dir, "db"), command: [process.execPath, "--import", "tsx", child] });
await engine.ready();
await migrateAnalytics(engine);
const [{ n: stored } = { n: "0" }] = await engine.query<{ n: string }>("SELECT count() AS n FROM spans");
const log = (line: string): void => void process.stderr.write(`${line}\n`);
if (Number(stored) < spans) await fill(engine, spans, log);
await settle(engine, log);
const sizes = await engine.query<{ table: string; rows: string; parts: string; bytes: string }>(
  "SELECT table, sum(rows) AS rows, count() AS parts, sum(bytes_on_disk) AS bytes FROM system.parts WHERE active AND database = currentDatabase() GROUP BY table ORDER BY bytes DESC",
);
for (const { table, rows, parts, bytes } of sizes)
  console.log(
    `${table.padEnd(16)} ${rows.padStart(9)} rows ${parts.padStart(4)} parts ${(Number(bytes) / 1e6).toFixed(0).padStart(6)} MB ${(Number(bytes) / spans).toFixed(0).padStart(6)} B/span`,
  );

const questions = traceQuestions(engine, {
  unpackLog: () => {
    throw new Error("no logs here");
  },
});
const scope = { projectIds: ["0"] };
/** Spread over the data, the same on every run. */
const pick = (run: number, of: number): number => (run * 7919) % of;
const idOf = (run: number): string =>
  createHash("md5")
    .update(String(pick(run * 31, traces)))
    .digest("hex");
const page = (query: Partial<TraceQuery>): Promise<unknown> => questions.searchTraces({ scope, limit: 50, ...query });
const filtered =
  (text: (run: number) => string) =>
  (run: number): Promise<unknown> =>
    page({ filter: parseFilter(text(run)) });
let cursor: string | undefined;

const cases: [name: string, limitMs: number, ask: (run: number) => Promise<unknown>][] = [
  ["first page", 100, () => page({})],
  [
    "next page",
    100,
    async () => {
      const answer = await questions.searchTraces({ scope, limit: 50, ...(cursor === undefined ? {} : { cursor }) });
      cursor = answer.nextCursor ?? undefined;
    },
  ],
  [
    "page of one day of last week",
    100,
    (run) => page({ fromNs: BigInt(Date.UTC(2026, 10, 16 + (run % 6))) * 1_000_000n, toNs: BigInt(Date.UTC(2026, 10, 17 + (run % 6))) * 1_000_000n }),
  ],
  ["tag, frequent", 100, filtered(() => "tags.environment = 'production'")],
  ["tag, one in a thousand", 100, filtered((run) => `tags.deployment_id = '${pick(run, 1000)}'`)],
  ["tag, nowhere", 100, filtered((run) => `tags.deployment_id = 'none-${run}'`)],
  ["session", 100, filtered((run) => `session = 'session-${pick(run, shape.sessions)}'`)],
  ["session as MLflow metadata", 100, filtered((run) => `metadata.\`mlflow.trace.session\` = 'session-${pick(run, shape.sessions)}'`)],
  ["user", 100, filtered((run) => `user = 'user-${pick(run, shape.users)}'`)],
  ["status = ERROR", 100, filtered(() => "status = 'ERROR'")],
  ["failed tool", 100, filtered(() => "failed_tool = 'search_orders'")],
  ["failed tool, nowhere", 100, filtered((run) => `failed_tool = 'none-${run}'`)],
  ["environment and duration", 100, filtered(() => "environment = 'staging' AND duration_ms > 9000")],
  ["trace header by id", 50, async (run) => questions.findTraces(scope, [idOf(run)])],
  [
    "trace with payloads",
    50,
    async (run) => {
      const id = idOf(run);
      await questions.findTraces(scope, [id]); // as the route does: the trace first, then all that hangs on it at once
      const found = await Promise.all([
        questions.spansOf(scope, id),
        questions.payloadsOf(scope, id),
        questions.logsOf(scope, id),
        questions.assessmentsOf(scope, [id]),
      ]);
      if (found[1].length !== shape.spansPerTrace) throw new Error(`payloads of ${id}: ${found[1].length}`);
    },
  ],
  ["one word, frequent", 100, () => page({ text: "refund" })],
  ["one word, rare", 100, () => page({ text: "zebra" })],
  ["one word, nowhere", 100, (run) => page({ text: `nowhere${run}` })],
  ["two words", 100, () => page({ text: "refund zebra" })],
  ["three words, one frequent", 100, (run) => page({ text: `invoice tari${pick(run, 300)} berna${pick(run, 90)}` })],
  ["one CJK word, nowhere", 100, () => page({ text: "東京都" })],
  ["span clauses, frequent", 300, filtered(() => "span.type = 'LLM' AND span.model = 'gpt-4o'")],
  ["span clauses, rare", 300, filtered(() => "span.name = 'search_orders' AND span.status = 'ERROR'")],
  ["span attribute, rare", 1000, filtered((run) => `span.attributes.\`llm.request.id\` = '${run}'`)],
  ["feedback < 0.1", 300, filtered(() => "feedback.score < 0.1")],
  ["NOT span clause", 1000, filtered(() => "NOT span.status = 'ERROR'")],
  ["slowest first", 300, () => page({ orderBy: parseOrderBy(["duration_ms DESC"]) })],
  ["substring, frequent", 1000, filtered(() => "text LIKE '%refund please%'")],
  ["count of all", 1000, () => questions.countTraces({ scope, limit: 1 })],
  ["count of errors", 1000, () => questions.countTraces({ scope, limit: 1, filter: parseFilter("status = 'ERROR'") })],
  ["facets of all", 2000, () => questions.facets({ scope, limit: 1 })],
];

const BURN_SECONDS = [300, 1800, 3600, 21_600, 259_200];
const END_NS = BigInt(Date.UTC(2026, 10, 23)) * 1_000_000n;
const objective = (filter: string) => () =>
  sloCounts(
    engine,
    { scope, filter: parseFilter(filter), indicator: { kind: "latency", thresholdMs: 8_000 }, fromNs: END_NS - 28n * 86_400_000_000_000n, toNs: END_NS },
    BURN_SECONDS,
  );
cases.push(
  ["SLO over 28 days", 150, objective("")],
  ["SLO over 28 days, filtered", 150, objective("environment = 'production' AND model = 'gpt-4o'")],
  ["SQL, count by name", 1000, () => runSql(engine, { scope, params: {}, query: "SELECT name, count(), avg(duration_ms) FROM traces GROUP BY name" })],
);

const figures: Figure[] = [];
for (const [name, limitMs, ask] of cases.filter(([name]) => flags.only === undefined || name.includes(flags.only))) {
  await ask(0);
  const times: number[] = [];
  for (let run = 1; run <= runs; run += 1) {
    const started = performance.now();
    await ask(run);
    times.push(performance.now() - started);
  }
  figures.push({
    what: `${name} (p50 ${quantile(times, 0.5).toFixed(1)})`,
    value: quantile(times, 0.95),
    unit: "ms p95",
    against: { what: "limit", value: limitMs },
    better: "lower",
  });
}
const kept = report(`Reads at ${spans} spans in ${traces} traces, ${runs} runs each`, figures);
await engine.close();
if (flags.data === undefined) rmSync(dir, { recursive: true, force: true });
process.exitCode = kept ? 0 : 1;

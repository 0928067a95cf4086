import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { parseFilter } from "../../packages/model/src/filter/index.ts";
import { EmbeddedEngine, type GroupQuery, migrateAnalytics, sessionQuestions, type TurnAnchor, traceQuestions } from "../../packages/store/src/index.ts";
import { type Figure, quantile, report } from "./report.ts";
import { fill, settle, shape } from "./reads-data.ts";

/**
 * Sessions and users at a million spans, one session with 20,000 traces among them:
 * `npx tsx tests/bench/sessions.ts [--spans 1000000] [--runs 20] [--data DIR]`. With `--data` the folder is filled once and kept.
 */
const { values: flags } = parseArgs({
  options: { spans: { type: "string", default: "1000000" }, runs: { type: "string", default: "20" }, data: { type: "string" }, only: { type: "string" } },
});
const spans = Number(flags.spans);
const traces = Math.ceil(spans / shape.spansPerTrace);
const LONG = "the long session";
const longTraces = Math.min(20_000, Math.floor(traces / 4));
const dir = flags.data ?? mkdtempSync(join(tmpdir(), "telltale-sessions-"));
const child = fileURLToPath(new URL("../../packages/store/src/engine/child.ts", import.meta.url));
const engine = new EmbeddedEngine({ dir: join(dir, "db"), command: [process.execPath, "--import", "tsx", child] });
await engine.ready();
await migrateAnalytics(engine);
const countOf = async (sql: string): Promise<number> => Number((await engine.query<{ n: string }>(sql))[0]?.n ?? 0);
const log = (line: string): void => void process.stderr.write(`${line}\n`);
if ((await countOf("SELECT count() AS n FROM spans")) < spans) await fill(engine, spans, log);
if ((await countOf(`SELECT count() AS n FROM traces WHERE session_id = '${LONG}'`)) === 0) {
  await engine.command(
    `INSERT INTO traces SELECT * REPLACE('${LONG}' AS session_id, 3 AS version) FROM traces FINAL WHERE cityHash64(trace_id) % ${Math.floor(traces / longTraces)} = 0 LIMIT ${longTraces}`,
  );
}
await settle(engine, log);

const noLogs = {
  unpackLog: () => {
    throw new Error("no logs here");
  },
};
const questions = sessionQuestions(engine, noLogs);
const stored = traceQuestions(engine, noLogs);
const scope = { projectIds: ["0"] };
const pick = (run: number, of: number): number => (run * 7919) % of;
const sessions = (query: Partial<GroupQuery>): Promise<unknown> => questions.listSessions({ scope, limit: 50, ...query });
const users = (query: Partial<GroupQuery>): Promise<unknown> => questions.listUsers({ scope, limit: 50, ...query });
const pageCursor = new Map<string, string>();
const walk = async (name: string, ask: (cursor: string | undefined) => Promise<{ nextCursor: string | null }>): Promise<void> => {
  const { nextCursor } = await ask(pageCursor.get(name));
  if (nextCursor === null) pageCursor.delete(name);
  else pageCursor.set(name, nextCursor);
};
const long = { projectId: "0", sessionId: LONG };
/** What a page of turns asks of the store, with the content of every root. */
const turns = async (anchor: TurnAnchor): Promise<{ nextCursor: string | null }> => {
  const page = await questions.sessionTurns(long, anchor, 30);
  const ids = page.turns.map(({ trace }) => trace.traceId);
  const [, spansOf] = await Promise.all([stored.assessmentsOf(scope, ids), questions.spansOfTurns(page.turns)]);
  await questions.contentOfTurns(page.turns.map((turn) => ({ ...turn, spanIds: [spansOf.get(turn.trace.traceId)?.lastCallId ?? ""] })));
  return page;
};
const day = (run: number): { fromNs: bigint; toNs: bigint } => ({
  fromNs: BigInt(Date.UTC(2026, 10, 16 + (run % 6))) * 1_000_000n,
  toNs: BigInt(Date.UTC(2026, 10, 17 + (run % 6))) * 1_000_000n,
});

const cases: [name: string, limitMs: number, ask: (run: number) => Promise<unknown>][] = [
  ["sessions, last first", 150, () => sessions({})],
  ["sessions, next page", 150, () => walk("s", (cursor) => questions.listSessions({ scope, limit: 50, cursor }))],
  ["sessions of a day", 150, (run) => sessions(day(run))],
  ["sessions by cost", 150, () => sessions({ orderBy: "cost_usd DESC" })],
  ["sessions by p95 latency", 150, () => sessions({ orderBy: "latency_p95_ms DESC" })],
  ["sessions by thumbs up", 150, () => sessions({ orderBy: "thumbs_up DESC" })],
  ["sessions with errors", 150, () => sessions({ filter: parseFilter("status = 'ERROR'") })],
  ["sessions of a user", 150, (run) => sessions({ filter: parseFilter(`user = 'user-${pick(run, shape.users)}'`) })],
  ["sessions, part of the id", 150, (run) => sessions({ idPart: `-${pick(run, 3000)}` })],
  ["users, last first", 150, () => users({})],
  ["users by traces", 150, () => users({ orderBy: "traces DESC" })],
  ["a page of the long session", 100, (run) => turns({ kind: "position", position: pick(run, longTraces) })],
  ["its first page", 100, () => turns({ kind: "position", position: 0 })],
  [
    "its pages one after the other",
    100,
    () => walk("t", async (cursor) => turns(cursor === undefined ? { kind: "position", position: 0 } : { kind: "cursor", cursor })),
  ],
  ["its sums", 150, () => questions.session(long)],
  ["its curves", 150, () => questions.sessionStretches(long)],
  ["sums of a user", 150, (run) => questions.user({ scope, userId: `user-${pick(run, shape.users)}`, fromNs: undefined, toNs: undefined })],
  ["users by cost, next page", 150, () => walk("u", (cursor) => questions.listUsers({ scope, limit: 50, orderBy: "cost_usd DESC", cursor }))],
];

/** CPU that the engine has used, milliseconds; says more than a clock where others share the machine. NaN where it cannot be known. */
function engineCpuMs(): number {
  try {
    const fields = readFileSync(`/proc/${engine.pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return Number.NaN;
  }
}

const figures: Figure[] = [];
for (const [name, limitMs, ask] of cases.filter(([name]) => flags.only === undefined || name.includes(flags.only))) {
  await ask(0);
  const times: number[] = [];
  const cpuBefore = engineCpuMs();
  for (let run = 1; run <= Number(flags.runs); run += 1) {
    const started = performance.now();
    await ask(run);
    times.push(performance.now() - started);
  }
  figures.push({
    what: `${name} (p50 ${quantile(times, 0.5).toFixed(1)}, cpu ${((engineCpuMs() - cpuBefore) / times.length).toFixed(0)})`,
    value: quantile(times, 0.95),
    unit: "ms p95",
    against: { what: "limit", value: limitMs },
    better: "lower",
  });
}
const kept = report(`Sessions and users at ${spans} spans in ${traces} traces, ${flags.runs} runs each`, figures);
await engine.close();
if (flags.data === undefined) rmSync(dir, { recursive: true, force: true });
process.exitCode = kept ? 0 : 1;

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { parseFilter } from "../../packages/model/src/filter/index.ts";
import { EmbeddedEngine, migrateAnalytics, type TraceQuery, traceQuestions } from "../../packages/store/src/index.ts";
import { fill, insertTraces, settle, shape } from "./reads-data.ts";
import { quantile, report } from "./report.ts";

/**
 * Pages and inserts while others scan every text: a count on the heavy connection and substring searches, all at once, against the same
 * pages and inserts when nothing else runs. `npx tsx tests/bench/during-scan.ts [--spans 1000000] [--seconds 15] [--data DIR]`.
 */
const { values: flags } = parseArgs({
  options: { spans: { type: "string", default: "1000000" }, seconds: { type: "string", default: "15" }, data: { type: "string" } },
});
const spans = Number(flags.spans);
const seconds = Number(flags.seconds);
const dir = flags.data ?? mkdtempSync(join(tmpdir(), "telltale-scan-"));
const child = fileURLToPath(new URL("../../packages/store/src/engine/child.ts", import.meta.url));
const engine = new EmbeddedEngine({ dir: join(dir, "db"), command: [process.execPath, "--import", "tsx", child] });
await engine.ready();
await migrateAnalytics(engine);
const log = (line: string): void => void process.stderr.write(`${line}\n`);
const [{ n: stored } = { n: "0" }] = await engine.query<{ n: string }>("SELECT count() AS n FROM spans WHERE project_id = '0'");
if (Number(stored) < spans) {
  await fill(engine, spans, log);
  await settle(engine, log);
}
const questions = traceQuestions(engine, { unpackLog: () => { throw new Error("no logs here"); } }); // prettier-ignore
const scope = { projectIds: ["0"] };
const query = (filter: string): TraceQuery => ({ scope, limit: 50, filter: parseFilter(filter) });
const pages: ((turn: number) => Promise<unknown>)[] = [
  () => questions.searchTraces({ scope, limit: 50 }),
  (turn) => questions.searchTraces(query(`session = 'session-${(turn * 7919) % shape.sessions}'`)),
  () => questions.searchTraces(query("status = 'ERROR'")),
  (turn) => questions.searchTraces(query(`tags.deployment_id = '${(turn * 7919) % 1000}'`)),
];

let scans = 0;
/** Scans start over until told to stop; their limit of time makes them end as "partial" or `query_limit`. */
async function scanUntil(stopped: AbortSignal, scan: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
  while (!stopped.aborted) {
    await scan(stopped).catch((error: unknown) => {
      if (!stopped.aborted && (error as { code?: string }).code !== "query_limit") throw error;
    });
    scans += 1;
  }
}

interface Measured {
  pageMs: number[];
  insertMs: number[];
}

let batch = 0;
async function measure(): Promise<Measured> {
  const found: Measured = { pageMs: [], insertMs: [] };
  const endMs = performance.now() + seconds * 1000;
  const timed = async (times: number[], act: () => Promise<unknown>): Promise<void> => {
    const startedMs = performance.now();
    await act();
    times.push(performance.now() - startedMs);
  };
  const reading = async (): Promise<void> => {
    for (let turn = 0; performance.now() < endMs; turn += 1) await timed(found.pageMs, async () => pages[turn % pages.length]?.(turn));
  };
  const writing = async (): Promise<void> => {
    for (; performance.now() < endMs; batch += 1) {
      await timed(found.insertMs, () => insertTraces(engine, "scan", batch * 25, 25));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  await Promise.all([reading(), writing()]);
  return found;
}

await Promise.all(pages.map((page) => page(0)));
const quiet = await measure();
const stop = new AbortController();
const scanning = [
  scanUntil(stop.signal, (signal) => questions.countTraces(query("text LIKE '%not in any of them%'"), signal)),
  scanUntil(stop.signal, (signal) => questions.searchTraces(query("text LIKE '%not in any of them%'"), signal)),
  scanUntil(stop.signal, (signal) => questions.searchTraces(query("text LIKE '%nor this%'"), signal)),
];
const busy = await measure();
stop.abort();
await Promise.all(scanning);

console.log(`load average ${readFileSync("/proc/loadavg", "utf8").trim()}; ${scans} scans meanwhile`);
const kept = report(`During scans of ${spans} spans`, [
  { what: `pages, ${busy.pageMs.length} (p50 ${quantile(busy.pageMs, 0.5).toFixed(0)})`, value: quantile(busy.pageMs, 0.95), unit: "ms p95", against: { what: "the limit", value: 300 }, better: "lower" }, // prettier-ignore
  { what: "pages, against no scan", value: quantile(busy.pageMs, 0.95), unit: "ms p95", against: { what: "quiet", value: quantile(quiet.pageMs, 0.95) }, better: "neither" }, // prettier-ignore
  { what: `inserts of 200 spans, ${busy.insertMs.length} (p50 ${quantile(busy.insertMs, 0.5).toFixed(0)})`, value: quantile(busy.insertMs, 0.95), unit: "ms p95", against: { what: "the limit", value: 1000 }, better: "lower" }, // prettier-ignore
  { what: "inserts, against no scan", value: quantile(busy.insertMs, 0.95), unit: "ms p95", against: { what: "quiet", value: quantile(quiet.insertMs, 0.95) }, better: "neither" }, // prettier-ignore
]);
for (const table of ["traces", "trace_rows", "spans", "payloads"]) await engine.command(`ALTER TABLE ${table} DELETE WHERE project_id = 'scan'`);
await engine.close();
if (flags.data === undefined) rmSync(dir, { recursive: true, force: true });
process.exitCode = kept ? 0 : 1;

import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { MetricName } from "../../packages/model/src/api/metrics.ts";
import { parseFilter } from "../../packages/model/src/filter/index.ts";
import { costQuestions, EmbeddedEngine, type MetricsQuestion, migrateAnalytics, settleHours, traceQuestions } from "../../packages/store/src/index.ts";
import { fill, shape, startMs } from "./overview-data.ts";
import { cpuSeconds } from "../load/process-tree.ts";
import { type Figure, quantile, report } from "./report.ts";
import { settle as settleMerges } from "./reads-data.ts";

/**
 * What the Overview and Cost pages ask, over all spans there are: `npx tsx tests/bench/overview.ts [--spans 1000000] [--runs 20] [--data DIR]`.
 * With `--data` the folder is filled once and kept.
 */
const { values: flags } = parseArgs({
  options: { spans: { type: "string", default: "1000000" }, runs: { type: "string", default: "20" }, data: { type: "string" }, only: { type: "string" } },
});
const spans = Number(flags.spans);
const runs = Number(flags.runs);
const limitMs = spans <= 1_000_000 ? 150 : 800;
const dir = flags.data ?? mkdtempSync(join(tmpdir(), "telltale-overview-"));
const child = fileURLToPath(new URL("../../packages/store/src/engine/child.ts", import.meta.url));
const engine = new EmbeddedEngine({ dir: join(dir, "db"), command: [process.execPath, "--import", "tsx", child] });
await engine.ready();
await migrateAnalytics(engine);
const log = (line: string): void => void process.stderr.write(`${line}\n`);
const [{ n: stored } = { n: "0" }] = await engine.query<{ n: string }>("SELECT count() AS n FROM spans");
if (Number(stored) < spans) {
  await fill(engine, spans, log);
  await settleMerges(engine, log);
}

const figures: Figure[] = [];
const begun = performance.now();
let hours = 0;
for (let count = -1; count !== 0; hours += count) count = await settleHours(engine, { now: Date.now, quietMs: 0, maxTraces: 20_000 });
// The newest hours are being written to, as they always are.
const endS = Math.floor(startMs / 1000) + shape.days * 86_400;
await engine.command(
  `INSERT INTO traces SELECT * REPLACE (version + 1 AS version) FROM traces FINAL WHERE project_id = '0' AND bucket >= toDateTime(${endS - 2 * 3600}, 'UTC')`,
);
if (hours > 0)
  figures.push({
    what: `settling ${hours} hours, per span`,
    value: ((performance.now() - begun) * 1000) / spans,
    unit: "µs",
    against: { what: "one span", value: 1 },
    better: "neither",
  });

const questions = traceQuestions(engine, {
  unpackLog: () => {
    throw new Error("no logs here");
  },
});
const money = costQuestions(engine);
const window = { scope: { projectIds: ["0"] }, fromNs: BigInt(startMs) * 1_000_000n + 1n, toNs: BigInt(endS) * 1_000_000_000n - 1n };
const ask =
  (metric: MetricName, changes: Partial<MetricsQuestion> = {}) =>
  async (): Promise<void> => {
    const { partial, points } = await questions.queryMetrics({ ...window, metric, ...changes });
    if (partial || points.length === 0) throw new Error(`${metric}: ${partial ? "partial" : "empty"}`);
  };
const interval = "12h"; // what the page chooses for a month
const timeZone = "Europe/Berlin";
const steps = { interval, timeZone };
const times = ["p50", "p95", "p99"] as const;
const half = { ...window, fromNs: window.fromNs + (window.toNs - window.fromNs) / 2n };

type Case = [name: string, question: () => Promise<unknown>];
const overview: Case[] = [
  ["requests and errors over time", ask("error_rate", { ...steps, aggregations: ["count", "sum", "avg"] })],
  ["latency", ask("latency_ms", { aggregations: times })],
  ["latency over time", ask("latency_ms", { ...steps, aggregations: times })],
  ["first token", ask("ttft_ms", { aggregations: times })],
  ["first token over time", ask("ttft_ms", { ...steps, aggregations: times })],
  ["token gap over time", ask("inter_token_ms", { ...steps, aggregations: times })],
  ["cost over time", ask("cost_usd", steps)],
  ["tokens over time", ask("tokens", steps)],
  ["cached tokens over time", ask("cached_tokens", steps)],
  ["cost by model over time", ask("cost_usd", { ...steps, groupBy: ["model"], limit: 6 })],
  ["quality by scorer", ask("assessment_value", { groupBy: ["scorer"], aggregations: ["avg"], orderBy: "count" })],
  ["quality by scorer over time", ask("assessment_value", { ...steps, groupBy: ["scorer"], aggregations: ["avg"], orderBy: "count", limit: 3 })],
  ["scored share over time", ask("scored_rate", { ...steps, aggregations: ["avg", "sum"] })],
  ["detections over time", ask("detection_count", steps)],
  ["routes: errors", ask("error_rate", { groupBy: ["route"], aggregations: ["count", "avg"], orderBy: "count" })],
  ["routes: latency", ask("latency_ms", { groupBy: ["route"], aggregations: times, orderBy: "count" })],
  ["routes: cost", ask("cost_usd", { groupBy: ["route"], aggregations: ["sum", "avg"], orderBy: "count" })],
  ["top movers", () => questions.shifts(half)],
  ["releases", () => questions.releases({ ...window, limit: 50 })],
];
const costs: Case[] = [
  ...["model", "provider", "route", "user", "session", "prompt", "tool", "agent", "environment", "version", "tags.team"].map((field): Case => [
    `cost by ${field}`,
    ask("cost_usd", { groupBy: [field], aggregations: ["sum", "count"] }),
  ]),
  ["input tokens by model", ask("input_tokens", { groupBy: ["model"] })],
  ["cost by model and provider", ask("cost_usd", { groupBy: ["model", "provider"] })],
  ["cost by user over time", ask("cost_usd", { ...steps, groupBy: ["user"], limit: 8 })],
  ["cost of one environment by model", ask("cost_usd", { groupBy: ["model"], filter: parseFilter("environment = 'production'") })],
  ["cost of one user over time", ask("cost_usd", { ...steps, filter: parseFilter("user = 'user-7'") })],
  ["failed spans by tool", ask("span_error_rate", { groupBy: ["tool"] })],
  ["money by class, unpriced usage", () => money.callGroups(window, [128_000, 200_000, 256_000, 272_000])],
  ["token identities", () => money.tokenIdentities(window)],
  ["steps of the dearest traces", () => money.costlySteps(window, { dearest: 100, sessions: 15, tracesOfSession: 20, spans: 100_000 })],
];

for (const [name, question] of [...overview, ...costs].filter(([name]) => flags.only === undefined || name.includes(flags.only))) {
  await question();
  const took: number[] = [];
  const cpuBefore = cpuSeconds(engine.pid ?? 0);
  for (let run = 0; run < runs; run += 1) took.push(await timed(question));
  // On a busy machine the time on the clock says more about the others than about the question.
  const cpuMs = ((cpuSeconds(engine.pid ?? 0) - cpuBefore) * 1000) / runs;
  figures.push({
    what: `${name} (p50 ${quantile(took, 0.5).toFixed(0)}, CPU ${cpuMs.toFixed(0)})`,
    value: quantile(took, 0.95),
    unit: "ms p95",
    against: { what: "limit", value: limitMs },
    better: "lower",
  });
}
if (flags.only === undefined)
  for (const [name, page] of [
    ["Overview", overview],
    ["Cost", costs],
  ] as const) {
    const took = [];
    for (let run = 0; run < 5; run += 1) took.push(await timed(() => sixAtOnce(page.map(([, question]) => question))));
    figures.push({
      what: `${name}: all ${page.length} questions at once`,
      value: quantile(took, 0.5),
      unit: "ms",
      against: { what: "one question's limit", value: limitMs },
      better: "neither",
    });
  }
const kept = report(
  `Figures over ${spans.toLocaleString("en")} spans, ${shape.days} days; load average ${loadavg()
    .map((load) => load.toFixed(1))
    .join(" ")}`,
  figures,
);
await engine.close();
if (flags.data === undefined) rmSync(dir, { recursive: true, force: true });
process.exit(kept ? 0 : 1);

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** As a browser asks. */
async function sixAtOnce(work: readonly (() => Promise<unknown>)[]): Promise<void> {
  const queue = [...work];
  const next = async (): Promise<void> => {
    for (let question = queue.shift(); question; question = queue.shift()) await question();
  };
  await Promise.all(Array.from({ length: 6 }, next));
}

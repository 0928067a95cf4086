import { parseArgs } from "node:util";
import { scoreUnderLoad } from "../load/score-under-load.ts";
import { report } from "./report.ts";

/**
 * `npm run bench -- scoring [--rate 50] [--seconds 3600] [--kill-at S]`: online scoring with a judge without latency and one SIGKILL of the
 * server and its children, half way when `--kill-at` does not say when.
 */
const { values: flags } = parseArgs({
  options: { rate: { type: "string", default: "50" }, seconds: { type: "string", default: "3600" }, "kill-at": { type: "string" } },
});
const [rate, seconds] = [Number(flags.rate), Number(flags.seconds)];
const killAtS = flags["kill-at"] === undefined ? seconds / 2 : Number(flags["kill-at"]);
const result = await scoreUnderLoad({
  rate,
  seconds,
  killAtS,
  drainTimeoutMs: 600_000,
  onBacklog: (atS, pairs) => process.stderr.write(`${Math.round(atS)} s: ${pairs} pairs wait or run\n`),
});
console.log(JSON.stringify(result, undefined, 2));
const { tasks } = result;
const kept = report(`Scoring ${rate} traces/s for ${seconds} s, everything killed at ${killAtS} s`, [
  { what: "pairs expected", value: result.pairs, unit: "pairs", against: { what: "ended", value: tasks.terminal }, better: "neither" },
  { what: "pairs without a terminal state", value: tasks.open + Math.max(0, result.pairs - tasks.terminal), unit: "pairs", against: { what: "less than", value: 1 }, better: "lower" }, // prettier-ignore
  { what: "pairs without their score", value: result.missing, unit: "pairs", against: { what: "less than", value: 1 }, better: "lower" },
  { what: "scores twice or unasked", value: result.duplicates, unit: "scores", against: { what: "less than", value: 1 }, better: "lower" },
  { what: "start after settlement, p50", value: (tasks.lag.p50 ?? Infinity) / 1000, unit: "s", against: { what: "limit", value: 30 }, better: "lower" },
  { what: "start after settlement, p95", value: (tasks.lag.p95 ?? Infinity) / 1000, unit: "s", against: { what: "limit", value: 30 }, better: "lower" },
  { what: "start after settlement, longest", value: (tasks.lag.max ?? Infinity) / 1000, unit: "s", against: { what: "limit of p95", value: 30 }, better: "neither" }, // prettier-ignore
  { what: "the same in the 2 minutes after the kill, p95", value: (tasks.lagAfter.p95 ?? Infinity) / 1000, unit: "s", against: { what: "limit", value: 30 }, better: "neither" }, // prettier-ignore
  { what: "the same in the 2 minutes after the kill, longest", value: (tasks.lagAfter.max ?? Infinity) / 1000, unit: "s", against: { what: "limit", value: 30 }, better: "neither" }, // prettier-ignore
  { what: "everything ended after the last trace", value: result.drainedAfterS, unit: "s", against: { what: "settlement", value: 10 }, better: "neither" },
  { what: "judge calls per trace", value: result.judgeCalls / Math.max(1, result.traces), unit: "calls", against: { what: "one", value: 1 }, better: "neither" }, // prettier-ignore
  { what: "CPU of the server", value: result.serverCores, unit: "cores", against: { what: "the sender", value: result.senderCores }, better: "neither" },
]);
process.exitCode = kept && result.wrong.length === 0 ? 0 : 1;

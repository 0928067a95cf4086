import { parseArgs } from "node:util";
import { scoreUnderLoad } from "../load/score-under-load.ts";
import { report } from "./report.ts";

// `npx tsx tests/bench/scoring.ts [--rate 50] [--seconds 3600]`: online scoring with a judge without latency and one SIGKILL half way.
const { values: flags } = parseArgs({ options: { rate: { type: "string", default: "50" }, seconds: { type: "string", default: "3600" } } });
const [rate, seconds] = [Number(flags.rate), Number(flags.seconds)];
const result = await scoreUnderLoad({ rate, seconds, settleTimeoutMs: 600_000 });
console.log(JSON.stringify({ ...result, wrong: result.wrong.slice(0, 20) }, undefined, 2));
const judge = result.health["polite"];
const kept = report(`Scoring ${rate} traces/s for ${seconds} s, one kill −9`, [
  {
    what: "traces without exactly one score of each scorer",
    value: result.wrong.length,
    unit: "traces",
    against: { what: "limit", value: 1 },
    better: "lower",
  },
  {
    what: "score start after settlement",
    value: (judge?.lag_p95_ms ?? Infinity) / 1000,
    unit: "s p95",
    against: { what: "limit", value: 30 },
    better: "lower",
  },
  {
    what: "judge calls per trace",
    value: result.judgeCalls / Math.max(1, result.traces),
    unit: "calls",
    against: { what: "one", value: 1 },
    better: "neither",
  },
]);
process.exitCode = kept && result.wrong.length === 0 ? 0 : 1;

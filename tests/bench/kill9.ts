import { killDuringIngest } from "../load/kill-during-ingest.ts";

const REOPEN_LIMIT_MS = 2000;
// `node --import tsx tests/bench/kill9.ts [kills]`: the long form of tests/e2e/kill.test.ts.
const kills = Number(process.argv[2] ?? 50);
const report = await killDuringIngest(kills, (round, reopenMs) =>
  process.stderr.write(`kill ${round} of ${kills}: open again after ${Math.round(reopenMs)} ms\n`),
);
const sorted = report.reopenMs.toSorted((a, b) => a - b);
console.log(
  JSON.stringify(
    {
      ...report,
      wrongTraces: report.wrongTraces.slice(0, 20),
      reopenMs: { p50: Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0), max: Math.round(sorted.at(-1) ?? 0), limit: REOPEN_LIMIT_MS },
    },
    undefined,
    2,
  ),
);
const isQuick = report.reopenMs.every((ms) => ms < REOPEN_LIMIT_MS);
process.exit(isQuick && report.lostTraces === 0 && report.wrongTraces.length === 0 && report.unknownTraces === 0 ? 0 : 1);

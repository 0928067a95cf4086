import { killDuringIngest } from "../load/kill-during-ingest.ts";

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
      reopenMs: { p50: Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0), max: Math.round(sorted.at(-1) ?? 0), limit: 2000 },
    },
    undefined,
    2,
  ),
);
process.exit(report.lostTraces === 0 && report.wrongTraces.length === 0 && report.unknownTraces === 0 ? 0 : 1);

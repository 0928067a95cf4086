// `npm run check`: types, lint, format and package boundaries, side by side. Prints what is wrong, or one line.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { root } from "./fingerprint.mjs";

const checks = {
  types: ["tsc", "-p", "."],
  "web types": ["tsc", "-p", "apps/web"],
  lint: ["oxlint"],
  format: ["oxfmt", "--check"],
  boundaries: ["vitest", "run", "--project", "unit", "tests/architecture", "--reporter=dot"],
};

const startedMs = Date.now();
const results = await Promise.all(Object.entries(checks).map(async ([name, command]) => ({ name, ...(await run(command)) })));
const failed = results.filter((result) => result.code !== 0);
for (const { name, command, output } of failed) console.error(`── ${name}: ${command}\n${output.trim()}\n`);
const seconds = ((Date.now() - startedMs) / 1000).toFixed(1);
if (failed.length > 0) {
  console.error(`check: ${failed.map(({ name }) => name).join(", ")} failed (${seconds} s). \`npm run fix\` repairs format and much of lint.`);
  process.exit(1);
}
console.log(`check: ${results.map(({ name }) => name).join(", ")} in order (${seconds} s)`);

function run([tool, ...args]) {
  return new Promise((resolve) => {
    const child = spawn(join(root, "node_modules/.bin", tool), args, {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
      shell: process.platform === "win32",
    });
    let output = "";
    const collect = (chunk) => (output += chunk);
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.on("error", (error) => resolve({ code: 1, command: tool, output: error.message }));
    child.on("close", (code) => resolve({ code, command: [tool, ...args].join(" "), output }));
  });
}

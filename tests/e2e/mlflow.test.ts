import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pythonFor, whyNoPython } from "../../scripts/python-env.mjs";
import { startServer, type RunningServer } from "../load/server.ts";

const script = join(import.meta.dirname, "mlflow_client.py");
/** Every case is a function in the script; what is there is tested. */
const allCases = Array.from(readFileSync(script, "utf8").matchAll(/^def case_(\w+)\(/gm), (match) => match[1] ?? "");
/** What the tracing-only package has: no search with data frames, no registry, no experiments of its own. */
const tracingCases = allCases.filter((name) =>
  /decorated|nested|^error$|async|session_and_user|feedback|expectations|attachments|many_spans|read_at_once/.test(name),
);

interface CaseResult {
  case: string;
  ok: boolean;
  note: string | null;
  client: string;
}

/** The client's real lines, unmodified: what an application of our users does, from the first import to the last assertion. */
describe.each([
  { environment: "mlflow-3.17", version: /^3\.17\./, cases: allCases },
  { environment: "mlflow-3.18", version: /^3\.18\./, cases: allCases },
  { environment: "mlflow-tracing", version: /^3\.17\./, cases: tracingCases },
] as const)("the real client $environment", ({ environment, version, cases }) => {
  const python = pythonFor(environment);
  if (python === undefined) console.warn(`skipped: ${whyNoPython(environment)}`);
  let server: RunningServer;
  let results: Map<string, CaseResult>;

  beforeAll(async () => {
    if (python === undefined) return;
    server = await startServer();
    results = await runCases(python, server.url, cases);
  });
  afterAll(async () => server?.dispose());

  test.skipIf(python === undefined).each(cases)("%s", (name) => {
    const result = results.get(name);
    expect(result?.note ?? "", server.output).toBe("");
    expect(result).toMatchObject({ ok: true });
    expect(result?.client).toMatch(version);
  });
});

async function runCases(python: string, url: string, cases: readonly string[]): Promise<Map<string, CaseResult>> {
  const child = spawn(python, [script, url, ...cases], { stdio: ["ignore", "pipe", "pipe"] });
  const said: string[] = [];
  child.stderr.on("data", (chunk: Buffer) => said.push(chunk.toString()));
  const results = new Map<string, CaseResult>();
  createInterface({ input: child.stdout }).on("line", (line) => {
    const result = JSON.parse(line) as CaseResult;
    results.set(result.case, result);
  });
  await once(child, "close");
  if (results.size === 0) throw new Error(`the client did not run:\n${said.join("").slice(-3000)}`);
  return results;
}

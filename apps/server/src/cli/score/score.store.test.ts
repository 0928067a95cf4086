import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ScriptedProvider } from "../../scoring/scripted-provider.testing.ts";

const main = fileURLToPath(new URL("../../main.ts", import.meta.url));
const provider = new ScriptedProvider();
beforeAll(() => provider.start());
afterAll(() => provider.close());

interface Run {
  lines: Record<string, unknown>[];
  stderr: string;
  code: number;
}

async function score(args: readonly string[], input: readonly (object | string)[], env: NodeJS.ProcessEnv = {}): Promise<Run> {
  const child = spawn(process.execPath, ["--import", "tsx", main, "score", ...args], { stdio: ["pipe", "pipe", "pipe"], env: { ...process.env, ...env } });
  let [out, stderr] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdin.end(input.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n"));
  const [code] = (await once(child, "close")) as [number];
  return { lines: out.trim() === "" ? [] : out.trim().split("\n").map((line) => JSON.parse(line) as Record<string, unknown>), stderr, code }; // prettier-ignore
}

test("one line for each input, in order; what cannot be read is an error in its place", async () => {
  const input = Array.from({ length: 300 }, (_, id) => ({ id, outputs: "x".repeat(id) }));
  const { lines, code } = await score(["--scorer", "response_length", "--parameters", '{"max_length": 100}'], [...input, "not json", { id: "empty" }]);
  expect(code).toBe(0);
  expect(lines).toHaveLength(302);
  expect(lines.slice(0, 300).map((line) => line["id"])).toEqual(input.map(({ id }) => id));
  expect(lines[50]).toMatchObject({ id: 50, value: "yes" });
  expect(lines[200]).toMatchObject({ id: 200, value: "no", rationale: "The answer has 200 chars, above the maximum of 100." });
  expect(lines[300]).toMatchObject({ value: null, error: { code: "line_invalid" } });
  expect(lines[301]).toEqual({ id: "empty", value: null, skipped: "nothing_to_judge" });
});

test("a judge is asked at a server of one's own", async () => {
  provider.script({ text: '{"rationale":"It is.","value":"yes"}', inputTokens: 50, outputTokens: 5 });
  const { lines } = await score(
    ["--scorer", "RetrievalGroundedness", "--model", "local:/m", "--base-url", `${provider.url}/v1`],
    [
      { id: 1, inputs: "Capital?", outputs: "Paris", context: ["Paris is the capital."] },
      { id: 2, inputs: "Capital?", outputs: "Paris" },
    ],
  );
  expect(lines).toEqual([
    { id: 1, value: "yes", rationale: "It is.", cost_usd: null, input_tokens: 50, output_tokens: 5 },
    { id: 2, value: null, skipped: "needs_context" },
  ]);
  expect(provider.asked).toHaveLength(1);
});

test("diagnostics read spans", async () => {
  const call = (n: number) => ({
    span_id: `s${n}`,
    kind: "TOOL",
    name: "search",
    inputs: { q: "a" },
    outputs: "nothing",
    start_ms: n * 1000,
    end_ms: n * 1000 + 10,
  });
  const { lines } = await score(
    ["--scorer", "diagnostics"],
    [
      { id: "loop", spans: [0, 1, 2, 3].map(call) },
      { id: "fine", spans: [call(0)] },
    ],
  );
  expect(lines[0]).toMatchObject({ id: "loop", findings: [{ name: "loop", tool: "search", occurrences: 4 }] });
  expect(lines[1]).toEqual({ id: "fine", findings: [] });
});

test.each([
  [["--scorer", "Nonsense"], 2, 'there is no scorer "Nonsense"'],
  [["--scorer", "RegexMatch", "--parameters", '{"pattern":"("}'], 2, "RegexMatch.pattern"],
  [["--scorer", "RegexMatch", "--parameters", "[]"], 2, "JSON object"],
  [["--scorer", "UserFrustration"], 2, "conversations"],
  [["--scorer", "ExactMatch", "/does/not/exist.jsonl"], 1, "no such file"],
])("%j ends with %i and one clear line", async (args, code, message) => {
  const run = await score(args, []);
  expect(run.code).toBe(code);
  expect(run.stderr.trim().split("\n")).toHaveLength(1);
  expect(run.stderr).toContain(message);
});

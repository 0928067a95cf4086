import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import type { Command } from "commander";
import { CodeSandbox, diagnose, outcomeOf, runDefinition, type ScorerDefinition, scorers, type ScoreOutcome, whyNotRunnable } from "@telltale/score";
import { ConfigError } from "../../config.ts";
import { findInstallation } from "../../installation.ts";
import { localJudge } from "./local-judge.ts";
import { evidenceOf, ScoreLine, traceOf } from "./score-input.ts";

interface Flags {
  scorer: string;
  parameters?: string;
  instructions?: string;
  model?: string;
  baseUrl?: string;
}

/** Lines in work at once: judges wait for the network, and no more than these are held. */
const IN_FLIGHT = 8;
const MAX_LINE = 64 * 1024 * 1024;
const DIAGNOSTICS = "diagnostics";

type ScoreOne = (line: ScoreLine) => Promise<Record<string, unknown>>;

export function addScore(program: Command): void {
  program
    .command("score")
    .argument("[file]", "JSONL objects {id, inputs, outputs, context?, spans?, tools?, expectations?}; standard input without it")
    .description("score JSONL with one scorer, without a server; one line of JSON for each, in order")
    .requiredOption("--scorer <name>", `a built-in scorer, "judge" with --instructions, or "${DIAGNOSTICS}"`)
    .option("--parameters <json>", "parameters of the scorer, e.g. '{\"max_length\": 80}'")
    .option("--instructions <text>", "what a judge of your own shall decide; {{inputs}}, {{outputs}}, {{expectations}}, {{trace}}")
    .option("--model <uri>", "model of the judge: openai:/gpt-4o-mini with OPENAI_API_KEY, anthropic:/…, gemini:/…")
    .option("--base-url <url>", "an OpenAI-compatible server to ask, such as http://127.0.0.1:11434/v1")
    .option("--json", "JSON lines are what it prints anyway")
    .action(async (file: string | undefined, flags: Flags) => {
      const sandbox = new CodeSandbox(findInstallation().sandboxWorker);
      try {
        await scoreLines(file, scoreWith(flags, sandbox));
      } finally {
        await sandbox.stop();
      }
    });
}

function scoreWith(flags: Flags, sandbox: CodeSandbox): ScoreOne {
  if (flags.scorer === DIAGNOSTICS) return async (line) => ({ findings: diagnose(evidenceOf(line)).findings });
  const definition = definitionOf(flags);
  const problem = whyNotRunnable(definition);
  if (problem !== undefined) throw new ConfigError(problem);
  const judge = localJudge(flags.model, flags.baseUrl, process.env);
  return async (line) => {
    const subject = { level: "trace" as const, trace: traceOf(line) };
    const outcome = await outcomeOf(
      (given, signal) => runDefinition(definition, given, { judge, signal, runCode: (source, value) => sandbox.run(source, value) }),
      subject,
      new AbortController().signal,
    );
    return resultOf(outcome);
  };
}

function definitionOf({ scorer, parameters, instructions, model }: Flags): ScorerDefinition {
  if (instructions !== undefined) return { kind: "instructions", instructions, model, answer: { kind: "boolean" }, parameters: {}, level: "trace" };
  const wanted = scorer.replaceAll(/[_-]/g, "").toLowerCase();
  const found = scorers.find(({ name }) => name.toLowerCase() === wanted);
  if (found === undefined) throw new ConfigError(`there is no scorer "${scorer}"; there are ${scorers.map(({ name }) => name).join(", ")} and ${DIAGNOSTICS}`);
  if (found.level === "session") throw new ConfigError(`${found.name} scores conversations; lines hold single traces`);
  return { kind: "builtin", className: found.name, parameters: parametersIn(parameters), model, level: "trace" };
}

function parametersIn(text: string | undefined): Record<string, unknown> {
  if (text === undefined) return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Said below, in the same words as for JSON that is no object.
  }
  throw new ConfigError("--parameters must be a JSON object");
}

function resultOf(outcome: ScoreOutcome): Record<string, unknown> {
  if (outcome.kind === "skipped") return { value: null, skipped: outcome.reason };
  const cost =
    outcome.usage === undefined
      ? {}
      : { cost_usd: outcome.usage.costUsd ?? null, input_tokens: outcome.usage.inputTokens ?? null, output_tokens: outcome.usage.outputTokens ?? null };
  if (outcome.kind === "failed") return { value: null, error: { code: outcome.code, message: outcome.message }, ...cost };
  const own = outcome.scores.find((score) => score.suffix === undefined) ?? outcome.scores[0];
  const more = outcome.scores.length > 1 ? { scores: outcome.scores } : {};
  return { value: own?.value ?? null, rationale: own?.rationale ?? null, ...more, ...cost };
}

/** Reads no further than it can score and its reader takes. A line that cannot be read is answered with an error, in its place. */
async function scoreLines(file: string | undefined, score: ScoreOne): Promise<void> {
  const input = file === undefined ? process.stdin : createReadStream(file);
  await new Promise<void>((resolve, reject) => (file === undefined ? resolve() : input.once("open", () => resolve()).once("error", reject)));
  const waiting: Promise<string>[] = [];
  for await (const text of createInterface({ input, crlfDelay: Infinity })) {
    if (text.trim() === "") continue;
    waiting.push(answer(text, score));
    if (waiting.length >= IN_FLIGHT) await write(await (waiting.shift() as Promise<string>));
  }
  for (const line of waiting) await write(await line);
}

async function answer(text: string, score: ScoreOne): Promise<string> {
  let line: ScoreLine | undefined;
  try {
    if (text.length > MAX_LINE) throw new Error(`a line may have ${MAX_LINE} characters`);
    line = ScoreLine.parse(JSON.parse(text));
    return JSON.stringify({ id: line.id ?? null, ...(await score(line)) });
  } catch (error) {
    const message = error instanceof Error ? error.message.split("\n", 1)[0] : String(error);
    return JSON.stringify({ id: line?.id ?? null, value: null, error: { code: "line_invalid", message } });
  }
}

function write(line: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(`${line}\n`, (error) => (error ? reject(error) : resolve()));
  });
}

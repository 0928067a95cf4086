import type { AgentRun, AgentSteps } from "./agent-run.ts";
import type { Diagnostic } from "./finding.ts";
import { type Repetition, named, repetitionFindings } from "./repeated-findings.ts";
import type { ToolCall } from "./tool-call.ts";
import { parsedJson } from "./canonical.ts";

const LONGEST_PERIOD = 4;
const ROUNDS = 3;

/**
 * The same calls with the same results, over and over. The results are what separates a loop from polling (they change),
 * pagination and batches (the arguments change). Arguments that differ in case and blanks only are the same.
 */
export const loop: Diagnostic = {
  name: "loop",
  summary: "The same call, or a cycle of up to 4 calls, with the same arguments and results for 3 rounds or more.",
  family: "repetition",
  find(run: AgentRun) {
    return repetitionFindings("loop", run.agents.flatMap(loopsOf));
  },
};

function loopsOf(steps: AgentSteps): Repetition[] {
  const { calls } = steps;
  const repetitions: Repetition[] = [];
  const isTaken = new Uint8Array(calls.length);
  for (let period = 1; period <= LONGEST_PERIOD; period += 1) {
    let matched = 0;
    for (let i = period; i <= calls.length; i += 1) {
      if (i < calls.length && continues(calls[i], calls[i - period])) {
        matched += 1;
        continue;
      }
      const start = i - period - matched;
      const found = calls.slice(start, i);
      // A shorter period explains it already, or it is not long enough.
      if (found.length >= ROUNDS * period && isTaken[start] === 0 && !isWaiting(found)) {
        isTaken.fill(1, start, i);
        repetitions.push(repetition(steps, found, period));
      }
      matched = 0;
    }
  }
  return repetitions;
}

/** Does the same, with the same result, as the call a round before. */
function continues(call: ToolCall | undefined, before: ToolCall | undefined): boolean {
  return call !== undefined && before !== undefined && call.outcomeKey !== "" && call.outcomeKey === before.outcomeKey;
}

const notYet = /^(?:running|pending|queued|in[ _-]?progress|processing|waiting|not[ _-]?ready|starting|building|scheduled|submitted)$/i;

/** Only transient errors are a matter of retries; "not ready yet" is one of polling. */
function isWaiting(calls: readonly ToolCall[]): boolean {
  return calls.every(({ isTransient, result }) => isTransient || isNotYet(result));
}

function isNotYet(result: unknown): boolean {
  const value = parsedJson(result);
  if (typeof value === "string") return notYet.test(value.trim());
  if (typeof value !== "object" || value === null) return false;
  const { status, state } = value as Record<string, unknown>;
  const said = status ?? state;
  return typeof said === "string" && notYet.test(said);
}

function repetition(steps: AgentSteps, calls: readonly ToolCall[], period: number): Repetition {
  const rounds = Math.floor(calls.length / period);
  const tool = calls[0]?.tool ?? "";
  const tools = [...new Set(calls.slice(0, period).map((call) => call.tool))];
  return {
    steps,
    calls,
    needed: period,
    tool,
    severity: "error",
    sentence:
      period === 1
        ? `${named(tool)} was called ${rounds} times in a row with the same arguments and the same result.`
        : `A cycle of ${period} calls (${tools.map(named).join(", ")}) ran ${rounds} times with the same arguments and the same results.`,
  };
}

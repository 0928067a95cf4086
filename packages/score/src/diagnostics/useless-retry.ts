import type { AgentRun, AgentSteps } from "./agent-run.ts";
import type { Diagnostic } from "./finding.ts";
import { type Repetition, named, repetitionFindings } from "./repeated-findings.ts";
import type { ToolCall } from "./tool-call.ts";
import { toolEffect } from "./tool-effect.ts";

/** The same call again after an error that does not pass by itself, and again it fails. */
export const uselessRetry: Diagnostic = {
  name: "useless_retry",
  summary: "The same call with the same arguments again after a lasting error (not found, denied, invalid), with nothing changed in between.",
  family: "repetition",
  find(run: AgentRun) {
    return repetitionFindings("useless_retry", run.agents.flatMap(retriesOf));
  },
};

function retriesOf(steps: AgentSteps): Repetition[] {
  const failed = new Map<string, ToolCall[]>();
  const found: ToolCall[][] = [];
  const close = (key: string): void => {
    const calls = failed.get(key);
    if (calls !== undefined && calls.length > 1) found.push(calls);
    failed.delete(key);
  };
  for (const call of steps.calls) {
    if (call.callKey === "") continue;
    if (call.error !== "" && !call.isTransient) {
      const before = failed.get(call.callKey);
      if (before === undefined) failed.set(call.callKey, [call]);
      else if (call.startNs >= (before.at(-1)?.endNs ?? 0n)) before.push(call);
      continue;
    }
    close(call.callKey);
    // What was changed may be what was wrong: a retry after it makes sense.
    if (call.error === "" && toolEffect(call.tool) === "write") for (const key of failed.keys()) close(key);
  }
  for (const key of failed.keys()) close(key);
  return found.map((calls) => ({
    steps,
    calls,
    needed: 1,
    tool: calls[0]?.tool ?? "",
    severity: "warning",
    sentence: `${named(calls[0]?.tool ?? "")} failed and was called again ${calls.length === 2 ? "" : `${calls.length - 1} times `}with the same arguments, though the error does not pass by itself: ${shortError(calls[0])}`,
  }));
}

function shortError(call: ToolCall | undefined): string {
  const line = (call?.error ?? "").replaceAll(/\s+/g, " ").trim();
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
}

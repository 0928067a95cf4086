import type { AgentRun, AgentSteps } from "./agent-run.ts";
import { jsonText } from "./canonical.ts";
import type { Diagnostic } from "./finding.ts";
import { type Repetition, named, repetitionFindings } from "./repeated-findings.ts";
import type { ToolCall } from "./tool-call.ts";
import { toolEffect } from "./tool-effect.ts";

/** After this long the world may have changed by itself. */
const FRESH_NS = 600_000_000_000n;
/** "ok" is the answer of an action, not something read. */
const LEAST_RESULT_CHARS = 20;

/** Reading again what the agent has already read, though nothing was written since. */
export const redundantRead: Diagnostic = {
  name: "redundant_read",
  summary: "The same read with the same result within 10 minutes, with no write in between.",
  family: "repetition",
  find(run: AgentRun) {
    return repetitionFindings("redundant_read", run.agents.flatMap(readsOf));
  },
};

function readsOf(steps: AgentSteps): Repetition[] {
  const fresh = new Map<string, ToolCall[]>();
  const found: ToolCall[][] = [];
  const close = (calls: ToolCall[]): void => void (calls.length > 1 && found.push(calls));
  for (const call of steps.calls) {
    if (call.error !== "") continue;
    if (changesTheWorld(call)) {
      for (const calls of fresh.values()) close(calls);
      fresh.clear();
      continue;
    }
    if (!isRead(call)) continue;
    const before = fresh.get(call.outcomeKey);
    const last = before?.at(-1);
    if (before === undefined || last === undefined || call.startNs - last.endNs > FRESH_NS) {
      if (before !== undefined) close(before);
      fresh.set(call.outcomeKey, [call]);
    } else if (!isInside(call, last)) before.push(call);
  }
  for (const calls of fresh.values()) close(calls);
  return found.map((calls) => ({
    steps,
    calls,
    needed: 1,
    tool: calls[0]?.tool ?? "",
    severity: "info",
    sentence: `${named(calls[0]?.tool ?? "")} was read ${calls.length} times with the same arguments and result, with no write in between.`,
  }));
}

/** Two instrumentations report one call as two spans, one within the other's time. */
function isInside(call: ToolCall, other: ToolCall): boolean {
  return call.startNs > other.startNs && call.endNs <= other.endNs;
}

function isRead(call: ToolCall): boolean {
  if (call.outcomeKey === "") return false;
  const effect = toolEffect(call.tool);
  return effect === "read" || (effect === "unknown" && !isAcknowledgement(call.result));
}

/** A write by its name; a tool of unknown effect that answers with little more than "ok". */
function changesTheWorld(call: ToolCall): boolean {
  const effect = toolEffect(call.tool);
  return effect === "write" || (effect === "unknown" && isAcknowledgement(call.result));
}

function isAcknowledgement(result: unknown): boolean {
  return jsonText(result).length < LEAST_RESULT_CHARS;
}

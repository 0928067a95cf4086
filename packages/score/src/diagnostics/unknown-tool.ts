import type { AgentRun } from "./agent-run.ts";
import { type Diagnostic, type Finding, maxEvidence, maxFindings } from "./finding.ts";
import { named } from "./repeated-findings.ts";

const saysUnknown =
  /\b(?:unknown|no such|not a valid|invalid|unrecognized|undefined|non-?existent) (?:tool|function)\b|\b(?:tool|function)\b.{0,80}\b(?:not found|does not exist|is not (?:defined|available|registered))/i;

/** A model that calls what it was not offered makes tools up. */
export const unknownTool: Diagnostic = {
  name: "unknown_tool",
  summary: "The model called a tool that is not among those it was offered.",
  family: "single",
  find(run: AgentRun) {
    const found = new Map<string, Finding>();
    for (const { span, agent, requested, offered } of run.modelCalls) {
      for (const { tool } of requested)
        if (offered !== undefined && !offered.has(tool) && !run.callableAgents.has(tool)) note(found, agent, tool, span.spanId, offered.size);
    }
    // Where the messages do not show calls, the tool spans do: a call that its runtime refused, or one of a name nobody offered.
    const isShown = run.modelCalls.some(({ requested }) => requested.length > 0);
    for (const { agent, calls } of isShown ? [] : run.agents) {
      for (const { tool, error, spanId } of calls) {
        const isRefused = error !== "" && saysUnknown.test(error);
        if (isRefused || (run.catalog.size > 0 && !run.catalog.has(tool) && !run.callableAgents.has(tool))) note(found, agent, tool, spanId, run.catalog.size);
      }
    }
    return [...found.values()].slice(0, maxFindings);
  },
};

function note(found: Map<string, Finding>, agent: string, tool: string, spanId: string, offered: number): void {
  const key = `${agent}\n${tool}`;
  const known = found.get(key);
  if (known !== undefined) {
    known.occurrences += 1;
    if (known.spanIds.length < maxEvidence && !known.spanIds.includes(spanId)) known.spanIds.push(spanId);
    return;
  }
  const sentence = `The model called ${named(tool)}, which ${offered === 0 ? "does not exist" : `is not among the ${offered} tools it was offered`}.`;
  found.set(key, { name: "unknown_tool", severity: "error", sentence, agent, tool, spanIds: [spanId], occurrences: 1, wastedMs: 0, wastedUsd: undefined });
}

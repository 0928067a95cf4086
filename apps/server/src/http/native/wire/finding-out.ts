import type { DiagnosticFinding } from "@telltale/model/api";
import type { Finding } from "@telltale/score";

export function toFindingOut(finding: Finding): DiagnosticFinding {
  return {
    name: finding.name,
    severity: finding.severity,
    sentence: finding.sentence,
    agent: finding.agent === "" ? null : finding.agent,
    tool: finding.tool === "" ? null : finding.tool,
    span_ids: finding.spanIds,
    occurrences: finding.occurrences,
    wasted_ms: finding.wastedMs,
    wasted_usd: finding.wastedUsd ?? null,
  };
}

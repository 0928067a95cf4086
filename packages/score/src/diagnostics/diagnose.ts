import { agentRun } from "./agent-run.ts";
import { stepCount } from "./excess-steps.ts";
import type { Finding } from "./finding.ts";
import { diagnostics } from "./registry.ts";
import type { TraceEvidence } from "./trace-evidence.ts";

export interface Diagnosis {
  /** In the registry's order. */
  findings: Finding[];
  /** Tool and model calls of every agent, by its name (`""`: a trace without agents): what `stepLimits` is the 99th percentile of. */
  steps: ReadonlyMap<string, number>;
}

/**
 * Everything the diagnostics find in one settled trace. Deterministic, linear in spans and content, no
 * model, no I/O. Spans that one finding of a family explains whole are not found again by a later one of that family.
 */
export function diagnose(trace: TraceEvidence): Diagnosis {
  const run = agentRun(trace);
  const explained = new Set<string>();
  const findings = diagnostics.flatMap((diagnostic) => {
    const findings = diagnostic.find(run);
    if (diagnostic.family === "single") return findings;
    const fresh = findings.filter(({ spanIds }) => !spanIds.every((spanId) => explained.has(spanId)));
    for (const { spanIds } of fresh) for (const spanId of spanIds) explained.add(spanId);
    return fresh;
  });
  return { findings, steps: new Map(run.agents.map((steps) => [steps.agent, stepCount(steps)])) };
}

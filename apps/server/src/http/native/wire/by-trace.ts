import type { Assessment } from "@telltale/model";

/** Assessments of several traces, to be looked up by trace. */
export function byTrace(assessments: readonly Assessment[]): Map<string, Assessment[]> {
  const found = new Map<string, Assessment[]>();
  for (const assessment of assessments) {
    const known = found.get(assessment.traceId);
    if (known === undefined) found.set(assessment.traceId, [assessment]);
    else known.push(assessment);
  }
  return found;
}

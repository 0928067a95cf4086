export { diagnose, type Diagnosis } from "./diagnose.ts";
export type { Diagnostic, Finding, Severity } from "./finding.ts";
export { diagnostics } from "./registry.ts";
export type { DiagnosedSpan, SpanText, TraceEvidence } from "./trace-evidence.ts";
export { DIAGNOSTICS_SOURCE, findingAssessment, findingIn, type StoredFinding } from "./finding-assessment.ts";

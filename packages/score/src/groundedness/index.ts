export { groundednessTriage, type Triage, type TriageEvidence, type TriageInput } from "./groundedness-triage.ts";

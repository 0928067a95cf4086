export type AssessmentSourceType = "HUMAN" | "LLM_JUDGE" | "CODE";
export type AssessmentKind = "feedback" | "expectation" | "issue";

/** Feedback, expectation or issue link on a trace, span or session. A failed judge has `error` and no value: never 0. */
export interface Assessment {
  projectId: string;
  traceId: string;
  /** `""` = about the whole trace. */
  spanId: string;
  /** `a-` + 32 hex. */
  assessmentId: string;
  name: string;
  kind: AssessmentKind;
  /** JSON text of the value; `undefined` when there is none (an error). Numbers keep MLflow's double form (`1.0`). */
  valueJson: string | undefined;
  error: { code: string; message: string; stackTrace?: string } | undefined;
  sourceType: AssessmentSourceType;
  sourceId: string;
  rationale: string | undefined;
  metadata: Map<string, string>;
  /** Id of the assessment that this one overrides. */
  overrides: string | undefined;
  valid: boolean;
  createdMs: number;
  updatedMs: number;
}

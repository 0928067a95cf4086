import type { Assessment } from "@telltale/model";
import type { AssessmentOut } from "@telltale/model/api";
import { recordOf, textOrNull } from "./plain-values.ts";
import { formatMs } from "./timestamp.ts";

/** Feedback or an expectation as the native API shows it. A failed judge has `error` and the value `null`. */
export function toAssessmentOut(assessment: Assessment): AssessmentOut {
  return {
    assessment_id: assessment.assessmentId,
    trace_id: assessment.traceId,
    span_id: textOrNull(assessment.spanId),
    name: assessment.name,
    kind: assessment.kind,
    value: assessment.valueJson === undefined ? null : (JSON.parse(assessment.valueJson) as unknown),
    error: assessment.error === undefined ? null : { code: assessment.error.code, message: assessment.error.message },
    source: { type: assessment.sourceType, id: assessment.sourceId },
    rationale: assessment.rationale ?? null,
    metadata: recordOf(assessment.metadata),
    overrides: assessment.overrides ?? null,
    valid: assessment.valid,
    created_at: formatMs(assessment.createdMs),
    updated_at: formatMs(assessment.updatedMs),
  };
}

import { mlflowTraceId, type Assessment, type AssessmentSourceType } from "@telltale/model";
import { z } from "zod";
import { invalidParameter } from "./errors.ts";
import { JsonText, protobufValueText } from "./json-text.ts";
import { maybe, StringMap } from "./request.ts";
import { timestampMs, timestampText } from "./timestamp.ts";

const AssessmentError = z.object({ error_code: maybe(z.string()), error_message: maybe(z.string()), stack_trace: maybe(z.string()) });

/** `assessments.Assessment` as a client sends it; all optional here, because PATCH sends parts. */
export const AssessmentIn = z.object({
  assessment_id: maybe(z.string().max(250)),
  assessment_name: maybe(z.string().min(1).max(250)),
  span_id: maybe(z.string().max(100)),
  source: maybe(z.object({ source_type: maybe(z.string()), source_id: maybe(z.string().max(250)) })),
  create_time: maybe(z.string()),
  last_update_time: maybe(z.string()),
  feedback: maybe(z.object({ value: z.unknown().optional(), error: maybe(AssessmentError) })),
  expectation: maybe(
    z.object({ value: z.unknown().optional(), serialized_value: maybe(z.object({ serialization_format: maybe(z.string()), value: z.string() })) }),
  ),
  issue: maybe(z.object({ issue_name: z.string() })),
  rationale: maybe(z.string().max(100_000)),
  error: maybe(AssessmentError),
  metadata: maybe(StringMap),
  overrides: maybe(z.string()),
  valid: maybe(z.boolean()),
});
export type AssessmentIn = z.output<typeof AssessmentIn>;

/** An assessment about to be stored. Throws MLflow's 400 for a missing name, value or a value no store should hold. */
export function newAssessment(sent: AssessmentIn, of: { projectId: string; traceId: string; assessmentId: string; nowMs: number }): Assessment {
  const content = assessmentContent(sent);
  const kind = content.kind;
  const createdMs = timestampMs(sent.create_time, "assessment.create_time") ?? of.nowMs;
  return {
    projectId: of.projectId,
    traceId: of.traceId,
    assessmentId: of.assessmentId,
    spanId: sent.span_id ?? "",
    name: sent.assessment_name ?? nameOfIssue(sent),
    ...content,
    sourceType: sourceType(sent.source?.source_type, kind),
    sourceId: sent.source?.source_id ?? "default",
    rationale: sent.rationale,
    metadata: new Map(sent.metadata),
    overrides: sent.overrides === "" ? undefined : sent.overrides,
    valid: sent.valid ?? true,
    createdMs,
    updatedMs: timestampMs(sent.last_update_time, "assessment.last_update_time") ?? createdMs,
  };
}

export type AssessmentContent = Pick<Assessment, "kind" | "valueJson" | "error">;

/** Feedback, expectation or issue: exactly one of the three. */
export function assessmentContent(sent: AssessmentIn): AssessmentContent {
  const given = [sent.feedback, sent.expectation, sent.issue].filter((part) => part !== undefined).length;
  if (given !== 1) throw invalidParameter("An assessment must have exactly one of 'feedback', 'expectation' and 'issue'.");
  if (sent.issue !== undefined) return { kind: "issue", valueJson: JSON.stringify(sent.issue.issue_name), error: undefined };
  if (sent.expectation !== undefined) return { kind: "expectation", valueJson: expectationText(sent.expectation), error: undefined };
  const error = sent.feedback?.error ?? sent.error;
  return {
    kind: "feedback",
    valueJson: valueText(sent.feedback?.value),
    error: error && {
      code: error.error_code ?? "",
      message: error.error_message ?? "",
      ...(error.stack_trace === undefined ? {} : { stackTrace: error.stack_trace }),
    },
  };
}

/** `assessments.Assessment` as protobuf's JSON. */
export function assessmentJson(assessment: Assessment): unknown {
  const { createdMs, updatedMs, metadata } = assessment;
  return {
    assessment_id: assessment.assessmentId,
    assessment_name: assessment.name,
    trace_id: mlflowTraceId(assessment.traceId),
    span_id: assessment.spanId === "" ? undefined : assessment.spanId,
    source: { source_type: assessment.sourceType, source_id: assessment.sourceId },
    create_time: timestampText(createdMs),
    last_update_time: timestampText(updatedMs),
    ...contentJson(assessment),
    rationale: assessment.rationale,
    metadata: metadata.size === 0 ? undefined : metadata,
    overrides: assessment.overrides,
    valid: assessment.valid,
  };
}

function contentJson({ kind, valueJson, error }: Assessment): Record<string, unknown> {
  // A failed judge has no value; the client wants to read `null`, never a missing key.
  const value = new JsonText(valueJson ?? "null");
  if (kind === "issue") return { issue: { issue_name: value } };
  if (kind === "feedback")
    return { feedback: { value, error: error && { error_code: error.code, error_message: error.message, stack_trace: error.stackTrace } } };
  const isCompound = valueJson?.startsWith("{") === true || valueJson?.startsWith("[") === true;
  return { expectation: isCompound ? { serialized_value: { serialization_format: "JSON_FORMAT", value: valueJson } } : { value } };
}

/** Lists and dicts come as JSON inside a string, which is kept as it is: its integers stay integers. */
function expectationText(sent: NonNullable<AssessmentIn["expectation"]>): string {
  if (sent.serialized_value === undefined) {
    if (sent.value === undefined) throw invalidParameter("Missing value for required parameter 'expectation.value'.");
    return valueText(sent.value) ?? "null";
  }
  const { serialization_format: format, value } = sent.serialized_value;
  if (format !== undefined && format !== "JSON_FORMAT")
    throw invalidParameter(`Unknown serialization format '${format.slice(0, 100)}'; only JSON_FORMAT is known.`);
  try {
    JSON.parse(value);
  } catch {
    throw invalidParameter("The 'serialized_value' of an expectation must be JSON.");
  }
  return value.trim();
}

/** `null` is no value: an assessment with an error has none, and a missing score must never be read as one. */
function valueText(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  const text = protobufValueText(value);
  if (text === undefined) throw invalidParameter("The value of an assessment is nested too deeply.");
  return text;
}

function nameOfIssue(sent: AssessmentIn): string {
  if (sent.issue !== undefined) return sent.issue.issue_name;
  throw invalidParameter("Missing value for required parameter 'assessment.assessment_name'. See the API docs for more information about request parameters.");
}

/** Absent: code gave feedback, a human an expectation. `AI_JUDGE` is the old name of LLM_JUDGE. */
function sourceType(text: string | undefined, kind: Assessment["kind"]): AssessmentSourceType {
  switch (text) {
    case "HUMAN":
    case "LLM_JUDGE":
    case "CODE":
      return text;
    case "AI_JUDGE":
      return "LLM_JUDGE";
    case undefined:
    case "SOURCE_TYPE_UNSPECIFIED":
      return kind === "expectation" ? "HUMAN" : "CODE";
    default:
      throw invalidParameter(`Invalid assessment source type '${text.slice(0, 100)}'. Valid source types are HUMAN, LLM_JUDGE and CODE.`);
  }
}

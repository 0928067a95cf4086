import type { Assessment, AssessmentKind, AssessmentSourceType } from "@telltale/model";
import { mapOf } from "./trace-rows.ts";

export const assessmentSelect = `project_id, trace_id, span_id, assessment_id, name, kind, has_value, value_json, error_code, error_message, error_stack, source_type, source_id,
  has_rationale, rationale, metadata, overrides, valid, toUnixTimestamp64Milli(created) AS created_ms, toUnixTimestamp64Milli(updated) AS updated_ms`;

export interface AssessmentRow {
  project_id: string;
  trace_id: string;
  span_id: string;
  assessment_id: string;
  name: string;
  kind: string;
  has_value: boolean;
  value_json: string;
  error_code: string;
  error_message: string;
  error_stack: string;
  source_type: string;
  source_id: string;
  has_rationale: boolean;
  rationale: string;
  metadata: Record<string, string>;
  overrides: string;
  valid: boolean;
  created_ms: string;
  updated_ms: string;
}

export function assessmentOf(row: AssessmentRow): Assessment {
  const failed = row.error_code !== "" || row.error_message !== "";
  return {
    projectId: row.project_id,
    traceId: row.trace_id,
    spanId: row.span_id,
    assessmentId: row.assessment_id,
    name: row.name,
    kind: row.kind as AssessmentKind, // written by us from the same union
    valueJson: row.has_value ? row.value_json : undefined,
    error: failed ? { code: row.error_code, message: row.error_message, ...(row.error_stack === "" ? {} : { stackTrace: row.error_stack }) } : undefined,
    sourceType: row.source_type as AssessmentSourceType, // written by us from the same union
    sourceId: row.source_id,
    rationale: row.has_rationale ? row.rationale : undefined,
    metadata: mapOf(row.metadata),
    overrides: row.overrides === "" ? undefined : row.overrides,
    valid: row.valid,
    createdMs: Number(row.created_ms),
    updatedMs: Number(row.updated_ms),
  };
}

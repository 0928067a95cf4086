import type { Assessment } from "@telltale/model";
import type { RowWriter } from "./row-writer.ts";

export const assessmentColumns = [
  "project_id",
  "trace_id",
  "assessment_id",
  "span_id",
  "name",
  "kind",
  "has_value",
  "value_json",
  "value_text",
  "value_number",
  "error_code",
  "error_message",
  "error_stack",
  "source_type",
  "source_id",
  "has_rationale",
  "rationale",
  "metadata",
  "session_id",
  "overrides",
  "valid",
  "trace_start",
  "created",
  "updated",
  "version",
  "is_deleted",
] as const;

/** One row of `assessments`. `value_text` / `value_number` are what filters compare; NULL number = not a number or an error. */
export function writeAssessmentRow(out: RowWriter, item: Assessment, trace: { startNs: bigint; sessionId: string }, version: bigint, isDeleted: boolean): void {
  const value = item.valueJson === undefined ? undefined : (JSON.parse(item.valueJson) as unknown);
  out.rows += 1;
  out.string(item.projectId);
  out.string(item.traceId);
  out.string(item.assessmentId);
  out.string(item.spanId);
  out.string(item.name);
  out.string(item.kind);
  out.bool(item.valueJson !== undefined);
  out.string(item.valueJson ?? "");
  out.string(typeof value === "string" ? value : (item.valueJson ?? ""));
  out.nullableF64(typeof value === "number" ? value : undefined);
  out.string(item.error?.code ?? "");
  out.string(item.error?.message ?? "");
  out.string(item.error?.stackTrace ?? "");
  out.string(item.sourceType);
  out.string(item.sourceId);
  out.bool(item.rationale !== undefined);
  out.string(item.rationale ?? "");
  out.map(item.metadata);
  // A session-level assessment names its session; only those carry it.
  out.string(item.metadata.get("mlflow.trace.session") ?? "");
  out.string(item.overrides ?? "");
  out.bool(item.valid);
  out.i64(trace.startNs);
  out.i64(BigInt(Math.round(item.createdMs)));
  out.i64(BigInt(Math.round(item.updatedMs)));
  out.u64(version);
  out.bool(isDeleted);
}

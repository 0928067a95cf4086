import { TelltaleError } from "@telltale/model";
import { mapValueSql } from "../../../filter-to-sql/trace-field-sql.ts";
import type { SqlParams } from "../../../filter-to-sql/sql-params.ts";
import { spanTexts } from "../../span-texts.ts";
import { UNKNOWN } from "../../unknown-group.ts";
import type { RowKind } from "./metric-catalogue.ts";

/**
 * Where the values of a group come from: the trace, a list of the trace, its spans, an assessment. `sql` is of the table of that
 * name; `settled…` of the settled tables, undefined where they do not have it. `isLow`: LowCardinality in `settled_spans`, by
 * which grouping millions of rows is a quarter faster than by texts. `hasFewValues`: as a rule; there may be millions of users.
 */
export type GroupColumn = { hasFewValues: boolean } & (
  | { of: "trace"; sql: string; settledTrace: string | undefined; settledSpan: string | undefined; isLow: boolean }
  | { of: "trace_list"; sql: string; settledTrace: string; settledSpan: string; isLow: false }
  | { of: "span"; sql: string; traceList: string | undefined; settledTraceList: string; settledSpan: string | undefined; isLow: boolean }
  | { of: "assessment"; sql: string; isLow: false }
);

/** Column of `traces` and `settled_traces`, and of `settled_spans`. */
const traceFields: Readonly<Record<string, [trace: string, span: string]>> = {
  project: ["project_id", "project_id"],
  route: ["name", "route"],
  service: ["service_name", "service"],
  environment: ["environment", "environment"],
  version: ["app_version", "version"],
  status: ["status", "trace_status"],
  user: ["user_id", "user"],
  session: ["session_id", "session"],
};

/** A type of MLflow's own (CHAT_MODEL is a kind of LLM), else our kind. */
export const SPAN_TYPE = "if(attributes['mlflow.spanType'] = '', toString(kind), trim(BOTH '\"' FROM attributes['mlflow.spanType']))";
export const SPAN_STATUS = "upper(toString(status))";

/** What a span says; the column of `settled_spans`; the list of the trace's row that the filter language searches, if there is one. */
const spanFields: Readonly<Record<string, { sql: string; settled?: string; list?: string; isInTraces: boolean }>> = {
  model: { sql: "model", settled: "model", list: "models", isInTraces: true },
  provider: { sql: "provider", settled: "provider", list: "providers", isInTraces: true },
  tool: { sql: spanTexts.tool, settled: "tool", list: "tools", isInTraces: true },
  agent: { sql: spanTexts.agent, settled: "agent", list: "agents", isInTraces: true },
  prompt: { sql: spanTexts.prompt, settled: "prompt", list: "prompts", isInTraces: true },
  kind: { sql: "kind", settled: "kind", list: "kinds", isInTraces: false },
  span_name: { sql: "name", settled: "span_name", list: "span_names", isInTraces: false },
  error_type: { sql: "error_type", settled: "error_type", list: "error_types", isInTraces: false },
  // As MLflow names them; only its own surface groups by them.
  span_type: { sql: SPAN_TYPE, isInTraces: false },
  span_status: { sql: SPAN_STATUS, isInTraces: false },
};

export function isSpanField(field: string): boolean {
  return spanFields[field] !== undefined;
}

const assessmentFields: Readonly<Record<string, string>> = {
  scorer: "if(mapContains(metadata, 'telltale.detector'), metadata['telltale.detector'], toString(name))",
  source: "source_type",
  value: "if(has_value, substringUTF8(value_text, 1, 250), '')",
  // As MLflow names and writes them.
  assessment_name: "name",
  assessment_json: "if(has_value, substringUTF8(value_json, 1, 1000), 'null')",
};

const manyValues: ReadonlySet<string> = new Set(["user", "session", "value", "span_name"]);

export function groupColumn(field: string, rows: RowKind, params: SqlParams): GroupColumn {
  const hasFewValues = !manyValues.has(field) && !field.includes(".");
  const ofTrace = traceFields[field];
  if (ofTrace !== undefined)
    return {
      hasFewValues,
      of: "trace",
      sql: known(ofTrace[0]),
      settledTrace: known(ofTrace[0]),
      settledSpan: ofTrace[1],
      isLow: field !== "user" && field !== "session",
    };
  if (field === "label")
    return { hasFewValues, of: "trace_list", sql: knownList("labels"), settledTrace: knownList("labels"), settledSpan: knownList("labels"), isLow: false };
  const ofSpan = spanFields[field];
  if (ofSpan !== undefined) {
    const list = knownList(ofSpan.list ?? "[]");
    return {
      hasFewValues,
      of: "span",
      sql: known(ofSpan.sql),
      traceList: ofSpan.isInTraces ? list : undefined,
      settledTraceList: list,
      settledSpan: ofSpan.settled,
      isLow: ofSpan.settled !== undefined,
    };
  }
  const ofAssessment = assessmentFields[field];
  if (ofAssessment !== undefined && rows === "assessments") return { hasFewValues, of: "assessment", sql: known(ofAssessment), isLow: false };
  if (ofAssessment !== undefined) throw new TelltaleError("bad_request", `group_by ${field} is for assessment metrics only`, { field: "group_by" });
  const [, entity, key] = /^(tags|metadata)\.`?(.+?)`?$/s.exec(field) ?? [];
  if (entity === undefined || key === undefined) throw new TelltaleError("bad_request", `Nothing can be grouped by ${field}`, { field: "group_by" });
  const sql = known(mapValueSql(entity === "tags" ? "tag" : "metadata", key, params).sql);
  return { hasFewValues, of: "trace", sql, settledTrace: entity === "tags" ? sql : undefined, settledSpan: undefined, isLow: false };
}

function known(sql: string): string {
  return `if(${sql} = '', '${UNKNOWN}', toString(${sql}))`;
}

/** An empty list is one unknown value: the trace is not dropped. */
function knownList(list: string): string {
  return `if(empty(${list}), ['${UNKNOWN}'], arrayDistinct(arrayMap(item -> toString(item), ${list})))`;
}

import { TelltaleError } from "@telltale/model";
import { mapValueSql } from "../../../filter-to-sql/trace-field-sql.ts";
import type { SqlParams } from "../../../filter-to-sql/sql-params.ts";
import type { RowKind } from "./metric-catalogue.ts";

/** Stands in a group where a value is not known. */
export const UNKNOWN = "unknown";

/** Where the values of a group come from: one of the trace, a list of the trace, a span, an assessment. */
export type GroupColumn =
  | { of: "trace"; field: string; sql: string }
  | { of: "trace_list"; field: string; sql: string }
  | { of: "span"; field: string; sql: string; traceList: string | undefined }
  | { of: "assessment"; field: string; sql: string };

const traceFields: Readonly<Record<string, string>> = {
  project: "project_id",
  route: "name",
  service: "service_name",
  environment: "environment",
  version: "app_version",
  status: "status",
  user: "user_id",
  session: "session_id",
};

/** What a span says, as the row of its trace gathers it; and the list in that row, which the filter language searches. */
const spanFields: Readonly<Record<string, { sql: string; traceList?: string }>> = {
  model: { sql: "model", traceList: "models" },
  provider: { sql: "provider", traceList: "providers" },
  tool: { sql: "if(tool_name = '' AND kind = 'TOOL', toString(name), toString(tool_name))", traceList: "tools" },
  agent: { sql: "if(agent_name = '' AND kind = 'AGENT', toString(name), toString(agent_name))", traceList: "agents" },
  prompt: { sql: "if(prompt_version = '', toString(prompt_name), concat(prompt_name, '/', prompt_version))", traceList: "prompts" },
  kind: { sql: "kind" },
  span_name: { sql: "name" },
  error_type: { sql: "error_type" },
};

const assessmentFields: Readonly<Record<string, string>> = {
  scorer: "if(mapContains(metadata, 'telltale.detector'), metadata['telltale.detector'], toString(name))",
  source: "source_type",
  value: "if(has_value, substringUTF8(value_text, 1, 250), '')",
};

export function groupColumn(field: string, rows: RowKind, params: SqlParams): GroupColumn {
  const ofTrace = traceFields[field];
  if (ofTrace !== undefined) return { of: "trace", field, sql: known(ofTrace) };
  if (field === "label") return { of: "trace_list", field, sql: knownList("labels") };
  const ofSpan = spanFields[field];
  if (ofSpan !== undefined)
    return { of: "span", field, sql: known(ofSpan.sql), traceList: ofSpan.traceList === undefined ? undefined : knownList(ofSpan.traceList) };
  const ofAssessment = assessmentFields[field];
  if (ofAssessment !== undefined && rows === "assessments") return { of: "assessment", field, sql: known(ofAssessment) };
  if (ofAssessment !== undefined) throw new TelltaleError("bad_request", `group_by ${field} is for assessment metrics only`, { field: "group_by" });
  const [, entity, key] = /^(tags|metadata)\.`?(.+?)`?$/s.exec(field) ?? [];
  if (entity === undefined || key === undefined) throw new TelltaleError("bad_request", `Nothing can be grouped by ${field}`, { field: "group_by" });
  return { of: "trace", field, sql: known(mapValueSql(entity === "tags" ? "tag" : "metadata", key, params).sql) };
}

function known(sql: string): string {
  return `if(${sql} = '', '${UNKNOWN}', toString(${sql}))`;
}

/** An empty list is one unknown value: the trace is not dropped. */
function knownList(list: string): string {
  return `if(empty(${list}), ['${UNKNOWN}'], arrayDistinct(arrayMap(item -> toString(item), ${list})))`;
}

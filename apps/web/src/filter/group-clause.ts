import { addClause, quoteValue } from "./clauses.ts";

/** What the metrics API calls a value that was not sent. */
export const UNKNOWN = "unknown";

/** The field of the filter language behind a field of `group_by`; those missing have the same name in both. */
const filterNames: Record<string, string> = {
  project: "project_id",
  route: "name",
  kind: "span.type",
  span_name: "span.name",
  error_type: "span.error_type",
};
/** Of an assessment: they say nothing without the name of the assessment, which is a part of the field. */
const withoutField = new Set(["source", "value"]);
/** Every trace has them, so that the filter language has no NULL for them. */
const alwaysKnown = new Set(["project", "status", "kind", "span_name"]);

/** The clause that finds the traces of one group; undefined where the filter language has no field for it. */
export function groupClause(field: string, value: string): string | undefined {
  if (withoutField.has(field) || (value === UNKNOWN && alwaysKnown.has(field))) return undefined;
  if (field === "scorer") return value === UNKNOWN ? undefined : `feedback.${quoteKey(value)} IS NOT NULL`;
  if (field === "status") return `status = ${quoteValue(value.toUpperCase())}`;
  const name = filterName(field);
  return value === UNKNOWN ? `${name} IS NULL` : `${name} = ${quoteValue(value)}`;
}

/** `filter` narrowed to the traces of a group (several fields: all of them hold); undefined when that cannot be said. */
export function groupFilter(filter: string, group: Readonly<Record<string, string>>): string | undefined {
  let text = filter;
  for (const [field, value] of Object.entries(group)) {
    const clause = groupClause(field, value);
    if (clause === undefined) return undefined;
    text = addClause(text, clause);
  }
  return text;
}

function filterName(field: string): string {
  const dot = field.indexOf(".");
  if (dot !== -1) return `${field.slice(0, dot)}.${quoteKey(field.slice(dot + 1))}`;
  return filterNames[field] ?? field;
}

/** Keys with odd characters stand in back-ticks. */
function quoteKey(key: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) ? key : `\`${key}\``;
}

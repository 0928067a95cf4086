import { TelltaleError } from "@telltale/model";
import type { SortKey } from "../questions/sort-keys.ts";

/** What traces are put together by. */
export type GroupKind = "session" | "user";

/** Column of `traces` that holds the id of the group. */
export const idColumns: Record<GroupKind, string> = { session: "session_id", user: "user_id" };

/** A session is one within its project; a person is the same in all of them. */
export function groupKeys(kind: GroupKind): string[] {
  return kind === "session" ? ["session_id", "project_id"] : ["user_id"];
}

interface GroupColumn {
  /** Over the traces of a group. Never NULL where `missing` does not hold. */
  sql: string;
  missing?: string;
  type: SortKey["type"];
  kinds?: GroupKind;
}

const nullable = (sql: string): GroupColumn => ({ sql: `ifNull(toFloat64(${sql}), 0)`, missing: `isNull(${sql})`, type: "Float64" });
const count = (sql: string): GroupColumn => ({ sql: `toFloat64(${sql})`, type: "Float64" });

/** What a list can be sorted by, besides the id and feedback. */
const columns: Record<string, GroupColumn> = {
  last_time: { sql: "toUnixTimestamp64Nano(max(start_time))", type: "Int64" },
  first_time: { sql: "toUnixTimestamp64Nano(min(start_time))", type: "Int64" },
  duration_ms: count("dateDiff('nanosecond', min(start_time), max(end_time)) / 1e6"),
  traces: count("count()"),
  turns: count("countIf(notEmpty(input_preview))"),
  errors: count("countIf(status = 'error')"),
  error_rate: count("countIf(status = 'error') / count()"),
  latency_p50_ms: count("quantileExactInclusive(0.5)(duration_ms)"),
  latency_p95_ms: count("quantileExactInclusive(0.95)(duration_ms)"),
  llm_calls: count("sum(llm_calls)"),
  tokens: nullable("sum(total_tokens)"),
  input_tokens: nullable("sum(input_tokens)"),
  output_tokens: nullable("sum(output_tokens)"),
  cost_usd: nullable("sum(cost_usd)"),
  unpriced_calls: count("sum(unpriced_calls)"),
  users: { ...count("uniqExactIf(user_id, user_id != '')"), kinds: "session" },
  sessions: { ...count("uniqExactIf((project_id, session_id), session_id != '')"), kinds: "user" },
};

/** Feedback lies in another table; see `feedbackColumn`. */
export type FeedbackColumn = "thumbs_up" | "thumbs_down";

export interface GroupOrder {
  /** `feedback` is read from the sums of assessments that are joined to the groups. */
  aggregates: { name: string; sql: string }[];
  feedback: FeedbackColumn | undefined;
  /** Over the named aggregates: what was asked for, then the key, so that every group has one place. */
  keys: SortKey[];
}

/** Parses `<column> [ASC|DESC]`. Throws `bad_request` for a column that the list does not have. */
export function groupOrder(kind: GroupKind, orderBy: string | undefined): GroupOrder {
  const [, name = "", direction = "ASC"] = /^\s*(\w+)(?:\s+(asc|desc))?\s*$/i.exec(orderBy ?? "last_time DESC") ?? [];
  const upper = direction.toUpperCase() === "DESC" ? "DESC" : "ASC";
  const tail = groupKeys(kind).map((column) => sortKey(column === "project_id" ? "project_id" : "id", "String", "ASC"));
  if (name === kind || name === "id") return { aggregates: [], feedback: undefined, keys: [sortKey("id", "String", upper), ...tail.slice(1)] };
  if (name === "thumbs_up" || name === "thumbs_down") return { aggregates: [], feedback: name, keys: [sortKey("sort_value", "Float64", upper), ...tail] };
  const column = columns[name];
  if (column === undefined || (column.kinds !== undefined && column.kinds !== kind)) {
    const known = Object.entries(columns).flatMap(([each, { kinds }]) => (kinds === undefined || kinds === kind ? [each] : []));
    throw new TelltaleError(
      "bad_request",
      `The list cannot be sorted by "${(orderBy ?? "").slice(0, 100)}"; it has ${[kind, ...known, "thumbs_up", "thumbs_down"].join(", ")}.`,
      {
        field: "order_by",
      },
    );
  }
  const aggregates = [{ name: "sort_value", sql: column.sql }, ...(column.missing === undefined ? [] : [{ name: "sort_missing", sql: column.missing }])];
  return {
    aggregates,
    feedback: undefined,
    keys: [sortKey("sort_value", column.type, upper, column.missing === undefined ? undefined : "sort_missing"), ...tail],
  };
}

function sortKey(sql: string, type: SortKey["type"], direction: "ASC" | "DESC", missing?: string): SortKey {
  return { sql: () => sql, missing: missing === undefined ? undefined : () => missing, type, direction };
}

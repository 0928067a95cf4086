import type { GroupKind } from "./group-columns.ts";

/** Most values listed of a group; the counts say how many there are. */
const LISTED = 10;

/** Select list of a group's figures, over rows of `traces`. */
export function figuresSelect(kind: GroupKind, withTraces: boolean): string {
  const own =
    kind === "session"
      ? `project_id AS project, groupUniqArrayIf(${LISTED})(user_id, user_id != '') AS members, uniqExactIf(user_id, user_id != '') AS member_count`
      : `groupUniqArray(100)(toString(project_id)) AS projects, uniqExactIf((project_id, session_id), session_id != '') AS member_count`;
  return `${kind === "session" ? "session_id" : "user_id"} AS id, ${own},
    count() AS traces, countIf(has_input) AS turns, toUnixTimestamp64Nano(min(start_time)) AS first_ns, toUnixTimestamp64Nano(max(start_time)) AS last_ns,
    dateDiff('nanosecond', min(start_time), max(end_time)) / 1e6 AS duration, countIf(status = 'error') AS errors, quantilesExactInclusive(0.5, 0.95)(duration_ms) AS latency,
    sum(traces.llm_calls) AS calls, sum(traces.input_tokens) AS input_sum, sum(traces.output_tokens) AS output_sum, sum(traces.total_tokens) AS total_sum,
    toFloat64(sum(cost_usd)) AS cost, sum(traces.unpriced_calls) AS unpriced, arraySlice(groupUniqArrayArray(models), 1, ${LISTED}) AS model_list,
    groupUniqArrayIf(${LISTED})(toString(environment), environment != '') AS environments,
    argMaxIf((toString(project_id), toUInt32(bucket), trace_id), start_time, has_input) AS last_said, argMax(trace_id, start_time) AS last_trace, ${withTraces ? "groupArray(concat(toString(project_id), '/', trace_id))" : "CAST([], 'Array(String)')"} AS traces_of`;
}

export interface FiguresRow {
  id: string;
  project?: string;
  projects?: string[];
  members?: string[];
  member_count: string;
  traces: string;
  turns: string;
  first_ns: string;
  last_ns: string;
  duration: number;
  errors: string;
  latency: [number, number];
  calls: string;
  input_sum: string | null;
  output_sum: string | null;
  total_sum: string | null;
  cost: number | null;
  unpriced: string;
  model_list: string[];
  environments: string[];
  /** Key of the last trace with an input; "" and 0 when none has one. */
  last_said: [project: string, hour: number, trace: string];
  last_trace: string;
  /** `project/trace` of all of them, where these are few. */
  traces_of: string[];
}

/** What one session or one person comes to. `undefined` = not known, never 0. */
export interface GroupFigures {
  id: string;
  /** Of a session one, of a person all. */
  projectIds: string[];
  /** Of a session: its users, at most ten. */
  users: string[];
  /** Users of a session, sessions of a person. */
  memberCount: number;
  traces: number;
  turns: number;
  firstNs: bigint;
  lastNs: bigint;
  durationMs: number;
  errors: number;
  latencyMs: { p50: number; p95: number };
  llmCalls: number;
  tokens: { input: number | undefined; output: number | undefined; total: number | undefined };
  costUsd: number | undefined;
  unpricedCalls: number;
  models: string[];
  environments: string[];
  lastInput: string;
  lastTraceId: string;
  feedback: GroupFeedback;
}

export interface GroupFeedback {
  thumbsUp: number;
  thumbsDown: number;
  scores: { name: string; mean: number; count: number }[];
}

export const noFeedback: GroupFeedback = { thumbsUp: 0, thumbsDown: 0, scores: [] };

export function figuresOf(row: FiguresRow, feedback: GroupFeedback, lastInput: string): GroupFigures {
  const known = (value: string | number | null): number | undefined => (value === null ? undefined : Number(value));
  return {
    id: row.id,
    projectIds: row.project === undefined ? (row.projects ?? []).toSorted() : [row.project],
    users: (row.members ?? []).toSorted(),
    memberCount: Number(row.member_count),
    traces: Number(row.traces),
    turns: Number(row.turns),
    firstNs: BigInt(row.first_ns),
    lastNs: BigInt(row.last_ns),
    durationMs: row.duration,
    errors: Number(row.errors),
    latencyMs: { p50: row.latency[0], p95: row.latency[1] },
    llmCalls: Number(row.calls),
    tokens: { input: known(row.input_sum), output: known(row.output_sum), total: known(row.total_sum) },
    costUsd: known(row.cost),
    unpricedCalls: Number(row.unpriced),
    models: row.model_list,
    environments: row.environments.toSorted(),
    lastInput,
    lastTraceId: row.last_trace,
    feedback,
  };
}

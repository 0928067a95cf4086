import type { SessionSummary, UserSummary } from "@telltale/model/api";
import type { GroupFigures } from "@telltale/store";
import { formatTimestamp } from "./timestamp.ts";

export function toSessionSummary(group: GroupFigures): SessionSummary {
  return { session: group.id, project_id: group.projectIds[0] ?? "", users: group.users, user_count: group.memberCount, ...figures(group) };
}

export function toUserSummary(group: GroupFigures): UserSummary {
  return { user: group.id, project_ids: group.projectIds, session_count: group.memberCount, ...figures(group) };
}

function figures(group: GroupFigures): Omit<SessionSummary, "session" | "project_id" | "users" | "user_count"> {
  return {
    traces: group.traces,
    turns: group.turns,
    first_time: formatTimestamp(group.firstNs),
    last_time: formatTimestamp(group.lastNs),
    duration_ms: group.durationMs,
    errors: group.errors,
    latency_ms: group.latencyMs,
    llm_calls: group.llmCalls,
    tokens: { input: group.tokens.input ?? null, output: group.tokens.output ?? null, total: group.tokens.total ?? null },
    cost_usd: group.costUsd ?? null,
    unpriced_calls: group.unpricedCalls,
    feedback: { thumbs_up: group.feedback.thumbsUp, thumbs_down: group.feedback.thumbsDown, scores: group.feedback.scores },
    models: group.models,
    environments: group.environments,
    last_input: group.lastInput,
    last_trace_id: group.lastTraceId,
  };
}

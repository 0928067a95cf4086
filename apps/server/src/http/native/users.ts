import { TelltaleError } from "@telltale/model";
import { GroupListQuery, MAX_GROUP_ID, type MetricsAnswer, UserDetail, UserListOut, UserQuery } from "@telltale/model/api";
import type { GroupFigures, UserKey } from "@telltale/store";
import { z } from "zod";
import { sendJsonText } from "../large-json.ts";
import { narrowedScope } from "../scope.ts";
import type { TypedApp } from "../typed-routes.ts";
import type { NativeDeps } from "./deps.ts";
import { groupQuery, isUser, timesOf } from "./group-query.ts";
import { answerMetrics } from "./metrics.ts";
import { toSessionSummary, toUserSummary } from "./wire/group-summary.ts";

export const UserParams = z.object({ id: z.string().min(1).max(MAX_GROUP_ID) });
/** Sessions that come with a user; the list of sessions has all. */
const SESSIONS_SHOWN = 20;
/** A curve has about this many steps. */
const STEPS = 60;

type UserDeps = Pick<NativeDeps, "ingest" | "sessions" | "questions">;

export function userRoutes(app: TypedApp, deps: UserDeps): void {
  app.get(
    "/users",
    {
      schema: {
        tags: ["sessions"],
        summary: "Users with what they come to: sessions, traces, latency, tokens, cost, errors, feedback",
        querystring: GroupListQuery,
        response: { 200: UserListOut },
      },
    },
    async (request, reply) => {
      const query = groupQuery(narrowedScope(request, request.query.project_ids), request.query);
      await deps.ingest.readable();
      const { groups, nextCursor } = await deps.sessions.listUsers(query, request.signal);
      const page: UserListOut = { data: groups.map(toUserSummary), next_cursor: nextCursor };
      return sendJsonText(request, reply, JSON.stringify(page));
    },
  );

  app.get(
    "/users/:id",
    {
      schema: {
        tags: ["sessions"],
        summary: "A user: sums, curves, what the traces are made of, and the latest sessions",
        params: UserParams,
        querystring: UserQuery,
        response: { 200: UserDetail },
      },
    },
    async (request, reply) => {
      const userId = request.params.id;
      const user: UserKey = { scope: narrowedScope(request, request.query.project_ids), userId, ...timesOf(request.query) };
      await deps.ingest.readable();
      const figures = await deps.sessions.user(user, request.signal);
      if (figures === undefined) throw new TelltaleError("not_found", `There is no user ${JSON.stringify(userId.slice(0, 100))} with traces in this time`);
      const [breakdowns, series, latest] = await Promise.all([
        deps.sessions.userBreakdowns(user, request.signal),
        seriesOf(user, figures, deps, request.signal),
        deps.sessions.listSessions({ ...user, filter: isUser(userId), limit: SESSIONS_SHOWN }, request.signal),
      ]);
      const detail: UserDetail = {
        user: toUserSummary(figures),
        by_model: breakdowns.models,
        by_environment: breakdowns.environments,
        by_version: breakdowns.versions,
        series,
        sessions: { data: latest.groups.map(toSessionSummary), next_cursor: latest.nextCursor },
      };
      return sendJsonText(request, reply, JSON.stringify(detail));
    },
  );
}

/** The same questions that the metrics API answers, over the time asked for, or else over that of the user's traces. */
async function seriesOf(user: UserKey, figures: GroupFigures, { questions }: UserDeps, signal: AbortSignal): Promise<UserDetail["series"]> {
  const fromNs = user.fromNs ?? figures.firstNs;
  const toNs = user.toNs ?? figures.lastNs + 1n;
  const window = { scope: user.scope, filter: isUser(user.userId), fromNs, toNs, interval: intervalFor(Number((toNs - fromNs) / 1_000_000n)) };
  const ask = (metric: MetricsAnswer["metric"], aggregations: ("count" | "sum" | "avg" | "p50" | "p95")[]): Promise<MetricsAnswer> =>
    answerMetrics(questions, metric, { ...window, metric, aggregations }, signal);
  const [traces, errorRate, cost, latency] = await Promise.all([
    ask("trace_count", ["count"]),
    ask("error_rate", ["avg"]),
    ask("cost_usd", ["sum"]),
    ask("latency_ms", ["p50", "p95"]),
  ]);
  return { traces, error_rate: errorRate, cost_usd: cost, latency_ms: latency };
}

/** The smallest step of a calendar that makes at most STEPS of the window. */
function intervalFor(windowMs: number): string {
  const minutes = windowMs / 60_000 / STEPS;
  const steps: [string, number][] = [["1m", 1], ["5m", 5], ["15m", 15], ["1h", 60], ["3h", 180], ["6h", 360], ["1d", 1440]]; // prettier-ignore
  const [step] = steps.find(([, length]) => length >= minutes) ?? [`${Math.min(9_999, Math.ceil(minutes / 1440))}d`];
  return step;
}

import { type Assessment, storedTraceId, TelltaleError } from "@telltale/model";
import { GroupListQuery, MAX_GROUP_ID, SessionDetail, SessionListOut, SessionQuery } from "@telltale/model/api";
import type { SessionKey, TurnAnchor, TurnPage } from "@telltale/store";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { type TurnTextDeps, turnTexts } from "../../sessions/turn-texts.ts";
import { sendJsonText } from "../large-json.ts";
import { narrowedScope } from "../scope.ts";
import type { TypedApp } from "../typed-routes.ts";
import type { NativeDeps } from "./deps.ts";
import { groupQuery } from "./group-query.ts";
import { toSessionSummary } from "./wire/group-summary.ts";
import { toSessionTurn } from "./wire/session-turn.ts";
import { formatTimestamp, parseTimestamp } from "./wire/timestamp.ts";

const SessionParams = z.object({ id: z.string().min(1).max(MAX_GROUP_ID) });
/** Whole texts may be megabytes each. */
const MAX_FULL_TURNS = 20;

type SessionDeps = Pick<NativeDeps, "ingest" | "sessions" | "questions" | "readSpan">;

export function sessionRoutes(app: TypedApp, deps: SessionDeps): void {
  app.get(
    "/sessions",
    {
      schema: {
        tags: ["sessions"],
        summary: "Sessions with what they come to: turns, users, latency, tokens, cost, errors, feedback",
        querystring: GroupListQuery,
        response: { 200: SessionListOut },
      },
    },
    async (request, reply) => {
      const query = groupQuery(narrowedScope(request, request.query.project_ids), request.query);
      await deps.ingest.readable();
      const { groups, nextCursor } = await deps.sessions.listSessions(query, request.signal);
      const page: SessionListOut = { data: groups.map(toSessionSummary), next_cursor: nextCursor };
      return sendJsonText(request, reply, JSON.stringify(page));
    },
  );

  app.get(
    "/sessions/:id",
    {
      schema: {
        tags: ["sessions"],
        summary: "A session: its sums, and a page of its turns in order, from wherever one likes",
        params: SessionParams,
        querystring: SessionQuery,
        response: { 200: SessionDetail },
      },
    },
    async (request, reply) => {
      const anchor = anchorOf(request.query);
      await deps.ingest.readable();
      const { session, others } = await findSession(request, request.params.id, request.query.project_id, deps);
      const [page, summary] = await Promise.all([
        deps.sessions.sessionTurns(session, anchor, request.query.limit, request.signal),
        request.query.summary === "true" ? summaryOf(session, deps, request.signal) : {},
      ]);
      if (page.total === 0) throw noSession(request.params.id);
      if (anchor.kind === "trace" && page.turns.length === 0) {
        throw new TelltaleError("trace_not_found", `Trace ${anchor.traceId.slice(0, 100)} is not in this session`, { field: "trace_id" });
      }
      const detail: SessionDetail = {
        ...summary,
        ...(others === undefined ? {} : { also_in_projects: others }),
        total: page.total,
        data: await turnsOut(page, session, request.query.content, deps, request.signal),
        next_cursor: page.nextCursor,
        previous_cursor: page.previousCursor,
      };
      return sendJsonText(request, reply, JSON.stringify(detail));
    },
  );
}

function anchorOf(query: SessionQuery): TurnAnchor {
  const { cursor, position, at, trace_id: traceId } = query;
  if ([cursor, position, at, traceId].filter((value) => value !== undefined).length > 1) {
    throw new TelltaleError("bad_request", "Only one of cursor, position, at and trace_id can say where the page begins", { field: "cursor" });
  }
  if (query.content === "full" && query.limit > MAX_FULL_TURNS) {
    throw new TelltaleError("bad_request", `With content=full a page has at most ${MAX_FULL_TURNS} turns`, { field: "limit" });
  }
  if (cursor !== undefined) return { kind: "cursor", cursor };
  if (at !== undefined) return { kind: "time", fromNs: parseTimestamp(at, "at") };
  if (traceId !== undefined) return { kind: "trace", traceId: storedTraceId(traceId) };
  return { kind: "position", position: position ?? 0 };
}

/** The session that is meant: of an id in several projects the one that was active last, unless the caller says which. */
async function findSession(
  request: FastifyRequest,
  sessionId: string,
  projectId: string | undefined,
  { sessions }: Pick<SessionDeps, "sessions">,
): Promise<{ session: SessionKey; others: string[] | undefined }> {
  const scope = narrowedScope(request, projectId === undefined ? undefined : [projectId]);
  if (projectId !== undefined && scope.projectIds.length > 0) return { session: { projectId, sessionId }, others: undefined };
  const [newest, ...others] = await sessions.projectsOfSession(scope, sessionId, request.signal);
  if (newest === undefined) throw noSession(sessionId);
  return { session: { projectId: newest, sessionId }, others };
}

function noSession(sessionId: string): TelltaleError {
  return new TelltaleError("not_found", `There is no session ${JSON.stringify(sessionId.slice(0, 100))}`);
}

async function summaryOf(session: SessionKey, { sessions }: SessionDeps, signal: AbortSignal): Promise<Pick<SessionDetail, "session" | "series">> {
  const [figures, stretches] = await Promise.all([sessions.session(session, signal), sessions.sessionStretches(session, signal)]);
  if (figures === undefined) throw noSession(session.sessionId);
  return {
    session: toSessionSummary(figures),
    series: stretches.map(({ position, turns, startNs, costUsd, contextTokens, errors }) => ({
      position,
      turns,
      start_time: formatTimestamp(startNs),
      cost_usd: costUsd ?? null,
      context_tokens: contextTokens ?? null,
      errors,
    })),
  };
}

async function turnsOut(
  { turns }: TurnPage,
  session: SessionKey,
  content: SessionQuery["content"],
  deps: SessionDeps & TurnTextDeps,
  signal: AbortSignal,
): Promise<SessionDetail["data"]> {
  const scope = { projectIds: [session.projectId] };
  const ids = turns.map(({ trace }) => trace.traceId);
  const [assessments, spans] = await Promise.all([
    deps.questions.assessmentsOf(scope, ids, signal),
    content === "none" ? new Map<string, never>() : deps.sessions.spansOfTurns(turns, signal),
  ]);
  const texts = content === "none" ? undefined : await turnTexts(turns, spans, deps, signal);
  const byTrace = new Map<string, Assessment[]>();
  for (const assessment of assessments) byTrace.set(assessment.traceId, [...(byTrace.get(assessment.traceId) ?? []), assessment]);
  return turns.map((turn) => {
    const id = turn.trace.traceId;
    return toSessionTurn(turn, { assessments: byTrace.get(id) ?? [], spans: spans.get(id), texts: texts?.get(id), isFull: content === "full" });
  });
}

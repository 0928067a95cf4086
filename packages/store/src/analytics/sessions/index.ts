import type { ProjectScope, RawLog, Trace } from "@telltale/model";
import type { Engine } from "../../engine/engine.ts";
import type { GroupFigures } from "./group-figures.ts";
import { type GroupPage, type GroupQuery, listGroups } from "./group-list.ts";
import { projectsOfSession, sessionFigures, type SessionStretch, sessionStretches } from "./session-overview.ts";
import { type SessionKey, sessionTurns, type TurnAnchor, type TurnPage, type TurnRow } from "./session-turns.ts";
import { contentOfTurns, spansOfTurns, type TurnContent, type TurnSpans } from "./turn-spans.ts";
import { type UserBreakdowns, userBreakdowns, userFigures, type UserKey } from "./user-breakdowns.ts";
import { type WholeSpan, wholeTraces } from "./whole-traces.ts";

export type { GroupPage, GroupQuery } from "./group-list.ts";
export type { GroupFeedback, GroupFigures } from "./group-figures.ts";
export type { SessionStretch } from "./session-overview.ts";
export type { SessionKey, TurnAnchor, TurnPage, TurnRow } from "./session-turns.ts";
export type { ToolCall, TurnContent, TurnSpans } from "./turn-spans.ts";
export type { WholeSpan } from "./whole-traces.ts";
export type { CountedValue, UserBreakdowns, UserKey } from "./user-breakdowns.ts";

/** Questions about sessions and people. Scoped, bounded and cancellable like `TraceQuestions`. */
export interface SessionQuestions {
  listSessions(query: GroupQuery, signal?: AbortSignal): Promise<GroupPage>;
  listUsers(query: GroupQuery, signal?: AbortSignal): Promise<GroupPage>;
  /** Projects that have a session of this id, the one that was active last first. */
  projectsOfSession(scope: ProjectScope, sessionId: string, signal?: AbortSignal): Promise<string[]>;
  session(session: SessionKey, signal?: AbortSignal): Promise<GroupFigures | undefined>;
  sessionStretches(session: SessionKey, signal?: AbortSignal): Promise<SessionStretch[]>;
  /** A page of its traces in order of their start. */
  sessionTurns(session: SessionKey, anchor: TurnAnchor, limit: number, signal?: AbortSignal): Promise<TurnPage>;
  /** Tools and the last model call of turns, by trace id. */
  spansOfTurns(turns: readonly TurnRow[], signal?: AbortSignal): Promise<Map<string, TurnSpans>>;
  contentOfTurns(turns: readonly (TurnRow & { spanIds: readonly string[] })[], signal?: AbortSignal): Promise<TurnContent[]>;
  /** Everything that many traces hold, some spans at a time. */
  wholeTraces(traces: readonly Trace[], signal?: AbortSignal): AsyncGenerator<WholeSpan[]>;
  user(user: UserKey, signal?: AbortSignal): Promise<GroupFigures | undefined>;
  userBreakdowns(user: UserKey, signal?: AbortSignal): Promise<UserBreakdowns>;
}

export interface SessionQuestionOptions {
  /** Reads a log record that ingest packed. */
  unpackLog: (raw: string) => RawLog;
  now?: () => number;
}

export function sessionQuestions(engine: Engine, { unpackLog, now = Date.now }: SessionQuestionOptions): SessionQuestions {
  const nowNs = (): bigint => BigInt(now()) * 1_000_000n;
  return {
    listSessions: (query, signal) => listGroups(engine, "session", query, nowNs(), signal),
    listUsers: (query, signal) => listGroups(engine, "user", query, nowNs(), signal),
    projectsOfSession: (scope, sessionId, signal) => projectsOfSession(engine, scope, sessionId, signal),
    session: (session, signal) => sessionFigures(engine, session, signal),
    sessionStretches: (session, signal) => sessionStretches(engine, session, signal),
    sessionTurns: (session, anchor, limit, signal) => sessionTurns(engine, session, anchor, limit, signal),
    spansOfTurns: (turns, signal) => spansOfTurns(engine, turns, signal),
    contentOfTurns: (turns, signal) => contentOfTurns(engine, turns, signal),
    wholeTraces: (traces, signal) => wholeTraces(engine, unpackLog, traces, signal),
    user: (user, signal) => userFigures(engine, user, signal),
    userBreakdowns: (user, signal) => userBreakdowns(engine, user, signal),
  };
}

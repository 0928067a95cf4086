import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import type {
  AssessmentOut,
  ErasureListOut,
  ErasureOut,
  ErasurePreview,
  SessionDetail,
  SessionListOut,
  SessionTurn,
  UserDetail,
  UserListOut,
} from "@telltale/model/api";
import type { z } from "zod";
import { call, callForFile } from "./client.ts";

/** What a list of sessions or users is about. */
export interface GroupAsk {
  from?: string | undefined;
  to?: string | undefined;
  project?: string | undefined;
  filter?: string | undefined;
  /** Part of the id. */
  q?: string | undefined;
  orderBy?: string | undefined;
}

const PAGE = 100;

export const sessionsQuery = (ask: GroupAsk) => listQuery<SessionListOut>("/sessions", ask);
export const usersQuery = (ask: GroupAsk) => listQuery<UserListOut>("/users", ask);

function listQuery<Page extends { next_cursor: string | null }>(path: string, ask: GroupAsk) {
  return infiniteQueryOptions({
    queryKey: [path, ask],
    queryFn: ({ pageParam, signal }) => call<Page>(`${path}${queryText({ ...wire(ask), limit: String(PAGE), cursor: pageParam ?? undefined })}`, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page: Page) => page.next_cursor,
    placeholderData: keepPreviousData,
    staleTime: 15_000,
  });
}

function wire({ from, to, project, filter, q, orderBy }: GroupAsk): Record<string, string | undefined> {
  return { from, to, project_ids: project, filter, q, order_by: orderBy };
}

function queryText(params: Record<string, string | undefined>): string {
  const search = new URLSearchParams(Object.entries(params).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ""));
  return search.size === 0 ? "" : `?${search.toString()}`;
}

/** One session. Its id alone means the one that was active last. */
export interface SessionRef {
  id: string;
  project: string | undefined;
}

function sessionPath({ id, project }: SessionRef, params: Record<string, string>): string {
  return `/sessions/${encodeURIComponent(id)}${queryText({ project_id: project, ...params })}`;
}

/** Sums and curves, without turns. A session goes on: it is asked again now and then. */
export const sessionQuery = (session: SessionRef) =>
  queryOptions({
    queryKey: ["session", session.id, session.project, "summary"],
    queryFn: ({ signal }) => call<SessionDetail>(sessionPath(session, { limit: "1", content: "none" }), { signal }),
    refetchInterval: 15_000,
    staleTime: 10_000,
  });

export const TURNS_PER_PAGE = 30;

/** A page of turns by its place. `expected` is how many it should have: when a session grows, its last page is another question. */
export const turnsQuery = (session: SessionRef, page: number, expected: number) =>
  queryOptions({
    queryKey: ["session", session.id, session.project, "turns", page, expected],
    queryFn: async ({ signal }) =>
      (
        await call<SessionDetail>(sessionPath(session, { position: String(page * TURNS_PER_PAGE), limit: String(TURNS_PER_PAGE), summary: "false" }), {
          signal,
        })
      ).data,
    staleTime: 60_000,
    gcTime: 60_000,
  });

/** The whole text of one turn. */
export async function fullTurn(session: SessionRef, traceId: string): Promise<SessionTurn | undefined> {
  const { data } = await call<SessionDetail>(sessionPath(session, { trace_id: traceId, limit: "1", content: "full", summary: "false" }));
  return data.find((turn) => turn.trace_id === traceId);
}

/** The place of the first turn at a time or later; undefined when there is none. */
export async function positionAt(session: SessionRef, at: string): Promise<number | undefined> {
  const { data } = await call<SessionDetail>(sessionPath(session, { at, limit: "1", content: "none", summary: "false" }));
  return data[0]?.position;
}

/** A trace with those before and after it. */
export const neighboursQuery = (session: SessionRef, traceId: string) =>
  queryOptions({
    queryKey: ["session", session.id, session.project, "around", traceId],
    queryFn: ({ signal }) => call<SessionDetail>(sessionPath(session, { trace_id: traceId, limit: "3", content: "none", summary: "false" }), { signal }),
    staleTime: 15_000,
  });

export const userQuery = (id: string, ask: Pick<GroupAsk, "project" | "from" | "to">) =>
  queryOptions({
    queryKey: ["user", id, ask],
    queryFn: ({ signal }) => call<UserDetail>(`/users/${encodeURIComponent(id)}${queryText(wire(ask))}`, { signal }),
    placeholderData: keepPreviousData,
    staleTime: 25_000,
  });

const scopeBody = (project: string | undefined): { project_ids?: string[] } => (project === undefined ? {} : { project_ids: [project] });

/** Everything of a person, as an archive. */
export function exportUser(id: string, project: string | undefined): Promise<{ file: Blob }> {
  return callForFile(`/users/${encodeURIComponent(id)}/export`, { method: "POST", body: scopeBody(project) });
}

/** What an erasure would take. */
export const erasurePreviewQuery = (id: string, project: string | undefined) =>
  queryOptions({
    queryKey: ["erasure-preview", id, project],
    queryFn: ({ signal }) =>
      call<ErasurePreview>(`/users/${encodeURIComponent(id)}/erase`, { method: "POST", body: { dry_run: true, ...scopeBody(project) }, signal }),
    staleTime: 0,
    gcTime: 0,
  });

export function eraseUser(id: string, project: string | undefined): Promise<ErasureOut> {
  return call<ErasureOut>(`/users/${encodeURIComponent(id)}/erase`, { method: "POST", body: scopeBody(project) });
}

/** Receipts of a person, newest first; followed while one runs. */
export const erasuresQuery = (user: string) =>
  queryOptions({
    queryKey: ["erasures", user],
    queryFn: ({ signal }) => call<z.infer<typeof ErasureListOut>>(`/erasures${queryText({ user })}`, { signal }),
    refetchInterval: (query) => (query.state.data?.data.some(({ state }) => state === "running") === true ? 2_000 : false),
  });

/** A thumb on a turn: a new one, or the same person's earlier one turned. */
export function giveThumb(traceId: string, author: string, value: boolean, earlier: AssessmentOut | undefined): Promise<AssessmentOut> {
  const path = `/traces/${encodeURIComponent(traceId)}/assessments`;
  if (earlier !== undefined) return call(`${path}/${earlier.assessment_id}`, { method: "PATCH", body: { value } });
  return call(path, { method: "POST", body: { name: THUMB_NAME, value, source: { type: "HUMAN", id: author } } });
}

export const THUMB_NAME = "helpful";

/** The place of a trace in its session. */
export async function turnPosition(session: SessionRef, traceId: string): Promise<number | undefined> {
  const { data } = await call<SessionDetail>(sessionPath(session, { trace_id: traceId, limit: "1", content: "none", summary: "false" }));
  return data[0]?.position;
}

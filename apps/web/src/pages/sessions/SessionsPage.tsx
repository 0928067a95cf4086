import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { SessionSummary } from "@telltale/model/api";
import { useCallback } from "react";
import { sessionsQuery } from "../../api/sessions.ts";
import { GroupsPage, useGroupsAsk } from "../../components/groups/GroupsPage.tsx";
import { EmptyState } from "../../components/PanelState.tsx";
import { DataTable } from "../../components/table/DataTable.tsx";
import { filterProblem } from "../../shell/filter-problem.ts";
import { sessionLink } from "../../url/people-links.ts";
import { sessionColumns } from "./session-columns.tsx";

/** Conversations and what they come to. */
export function SessionsPage() {
  const { ask, sort, onSort } = useGroupsAsk();
  const list = useInfiniteQuery(sessionsQuery(ask));
  const { fetchNextPage, isFetchingNextPage } = list;
  const more = useCallback(() => void (isFetchingNextPage ? undefined : fetchNextPage()), [fetchNextPage, isFetchingNextPage]);
  const isNarrowed = ask.filter !== undefined || ask.q !== undefined;
  return (
    <GroupsPage title="Sessions" idLabel="Part of a session id" error={list.error}>
      <DataTable<SessionSummary>
        label="Sessions"
        columns={sessionColumns}
        rows={list.data?.pages.flatMap(({ data }) => data)}
        rowKey={(row) => `${row.project_id}/${row.session}`}
        rowLink={(row) => sessionLink(row.session, row.project_id)}
        sort={sort}
        onSort={onSort}
        error={filterProblem(list.error) === undefined ? list.error : null}
        onRetry={() => void list.refetch()}
        hasMore={list.hasNextPage}
        onMore={more}
        height="fill"
        storageKey="sessions"
        empty={
          <EmptyState title={isNarrowed ? "No session fits" : "No sessions in this time"}>
            {isNarrowed ? "Change the filter, the id or the time." : "A session ties the traces of a conversation together: give them one id. "}
            {isNarrowed ? null : (
              <Link to="/docs/$slug" params={{ slug: "sessions-and-users" }} className="text-accent-ink underline">
                How to send it
              </Link>
            )}
          </EmptyState>
        }
      />
    </GroupsPage>
  );
}

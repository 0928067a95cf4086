import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { UserSummary } from "@telltale/model/api";
import { useCallback } from "react";
import { usersQuery } from "../../api/sessions.ts";
import { groupColumns } from "../../components/groups/group-columns.tsx";
import { GroupsPage, useGroupsAsk } from "../../components/groups/GroupsPage.tsx";
import { EmptyState } from "../../components/PanelState.tsx";
import { type DataColumn, DataTable } from "../../components/table/DataTable.tsx";
import { formatCount } from "../../format/number.ts";
import { filterProblem } from "../../shell/filter-problem.ts";
import { userLink } from "../../url/people-links.ts";

const shared = groupColumns<UserSummary>();
const columns: readonly DataColumn<UserSummary>[] = [
  { id: "user", header: "User", value: (row) => row.user, cell: (row) => <span title={row.user}>{row.user}</span>, width: 190 },
  {
    id: "last_input",
    header: "Last input",
    value: (row) => row.last_input,
    cell: (row) => <span className="text-ink-2">{row.last_input === "" ? "–" : row.last_input}</span>,
    minWidth: 220,
    isSortable: false,
  },
  shared.lastTime,
  shared.firstTime,
  { id: "sessions", header: "Sessions", value: (row) => row.session_count, cell: (row) => formatCount(row.session_count), align: "right", width: 88 },
  { id: "traces", header: "Traces", value: (row) => row.traces, cell: (row) => formatCount(row.traces), align: "right", width: 80 },
  shared.latency,
  shared.errors,
  shared.tokens,
  shared.cost,
  shared.up,
  shared.down,
  shared.score,
  shared.models,
  shared.environments,
];

/** Whom the application serves, and what that comes to. */
export function UsersPage() {
  const { ask, sort, onSort } = useGroupsAsk();
  const list = useInfiniteQuery(usersQuery(ask));
  const { fetchNextPage, isFetchingNextPage } = list;
  const more = useCallback(() => void (isFetchingNextPage ? undefined : fetchNextPage()), [fetchNextPage, isFetchingNextPage]);
  const isNarrowed = ask.filter !== undefined || ask.q !== undefined;
  return (
    <GroupsPage title="Users" idLabel="Part of a user id" error={list.error}>
      <DataTable<UserSummary>
        label="Users"
        columns={columns}
        rows={list.data?.pages.flatMap(({ data }) => data)}
        rowKey={(row) => row.user}
        rowLink={(row) => userLink(row.user)}
        sort={sort}
        onSort={onSort}
        error={filterProblem(list.error) === undefined ? list.error : null}
        onRetry={() => void list.refetch()}
        hasMore={list.hasNextPage}
        onMore={more}
        height="fill"
        storageKey="users"
        empty={
          <EmptyState title={isNarrowed ? "No user fits" : "No users in this time"}>
            {isNarrowed ? "Change the filter, the id or the time." : "A user is whom the application served: an id of your choice on the trace. "}
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

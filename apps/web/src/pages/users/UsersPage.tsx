import { useInfiniteQuery } from "@tanstack/react-query";
import type { UserSummary } from "@telltale/model/api";
import { usersQuery } from "../../api/sessions.ts";
import { groupColumns } from "../../components/groups/group-columns.tsx";
import { GroupTable } from "../../components/groups/GroupTable.tsx";
import { GroupsPage, useGroupsAsk } from "../../components/groups/GroupsPage.tsx";
import type { DataColumn } from "../../components/table/DataTable.tsx";
import { formatCount } from "../../format/number.ts";
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
  return (
    <GroupsPage title="Users" idLabel="Part of a user id" error={list.error}>
      <GroupTable<UserSummary>
        label="Users"
        list={list}
        columns={columns}
        rowKey={(row) => row.user}
        rowLink={(row) => userLink(row.user)}
        sort={sort}
        onSort={onSort}
        isNarrowed={ask.filter !== undefined || ask.q !== undefined}
        explanation="A user is whom the application served: an id of your choice on the trace."
      />
    </GroupsPage>
  );
}

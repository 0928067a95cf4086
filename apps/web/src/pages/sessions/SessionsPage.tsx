import { useInfiniteQuery } from "@tanstack/react-query";
import type { SessionSummary } from "@telltale/model/api";
import { sessionsQuery } from "../../api/sessions.ts";
import { GroupTable } from "../../components/groups/GroupTable.tsx";
import { GroupsPage, useGroupsAsk } from "../../components/groups/GroupsPage.tsx";
import { sessionLink } from "../../url/people-links.ts";
import { sessionColumns } from "./session-columns.tsx";

/** Conversations and what they come to. */
export function SessionsPage() {
  const { ask, sort, onSort } = useGroupsAsk();
  const list = useInfiniteQuery(sessionsQuery(ask));
  return (
    <GroupsPage title="Sessions" idLabel="Part of a session id" error={list.error}>
      <GroupTable<SessionSummary>
        label="Sessions"
        list={list}
        columns={sessionColumns}
        rowKey={(row) => `${row.project_id}/${row.session}`}
        rowLink={(row) => sessionLink(row.session, row.project_id)}
        sort={sort}
        onSort={onSort}
        isNarrowed={ask.filter !== undefined || ask.q !== undefined}
        explanation="A session ties the traces of a conversation together: give them one id."
      />
    </GroupsPage>
  );
}

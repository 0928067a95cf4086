import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { SessionSummary, TraceSummary } from "@telltale/model/api";
import { useCallback, useState } from "react";
import { searchTraces } from "../../api/queries.ts";
import { sessionsQuery } from "../../api/sessions.ts";
import { groupColumns } from "../../components/groups/group-columns.tsx";
import { type DataColumn, DataTable, type TableSort } from "../../components/table/DataTable.tsx";
import { Time } from "../../components/Time.tsx";
import { quoteValue } from "../../filter/clauses.ts";
import { formatCount, formatDuration } from "../../format/number.ts";
import { sessionLink } from "../../url/people-links.ts";
import { useScope } from "../../url/scope.ts";

const shared = groupColumns<SessionSummary>();
const sessionColumns: readonly DataColumn<SessionSummary>[] = [
  { id: "session", header: "Session", value: (row) => row.session, cell: (row) => <span title={row.session}>{row.session}</span>, width: 180 },
  { id: "last_input", header: "Last input", value: (row) => row.last_input, cell: (row) => <span className="text-ink-2">{row.last_input === "" ? "–" : row.last_input}</span>, minWidth: 200, isSortable: false }, // prettier-ignore
  shared.lastTime,
  { id: "traces", header: "Turns", value: (row) => row.traces, cell: (row) => formatCount(row.traces), align: "right", width: 76 },
  { id: "duration_ms", header: "Lasted", value: (row) => row.duration_ms, cell: (row) => formatDuration(row.duration_ms), align: "right", width: 96 },
  shared.latency,
  shared.errors,
  shared.cost,
  shared.up,
  shared.down,
];

/** The person's sessions; the figures are those of their own traces in them. */
export function UserSessions({ userId }: { userId: string }) {
  const { window, project } = useScope();
  const [sort, setSort] = useState<TableSort>({ id: "last_time", desc: true });
  const list = useInfiniteQuery(
    sessionsQuery({ from: window.from, to: window.to, project, filter: `user = ${quoteValue(userId)}`, orderBy: `${sort.id} ${sort.desc ? "DESC" : "ASC"}` }),
  );
  const { fetchNextPage, isFetchingNextPage } = list;
  const more = useCallback(() => void (isFetchingNextPage ? undefined : fetchNextPage()), [fetchNextPage, isFetchingNextPage]);
  return (
    <DataTable<SessionSummary>
      label="Sessions of the user"
      toolbar={<h2 className="text-sm font-semibold text-ink">Sessions</h2>}
      columns={sessionColumns}
      rows={list.data?.pages.flatMap(({ data }) => data)}
      rowKey={(row) => `${row.project_id}/${row.session}`}
      rowLink={(row) => sessionLink(row.session, row.project_id)}
      sort={sort}
      onSort={setSort}
      error={list.error}
      onRetry={() => void list.refetch()}
      hasMore={list.hasNextPage}
      onMore={more}
      height={330}
      empty="Traces without a session only."
    />
  );
}

const traceColumns: readonly DataColumn<TraceSummary>[] = [
  { id: "time", header: "Time", value: (row) => row.start_time, cell: (row) => <Time value={row.start_time} relative />, width: 110 },
  { id: "name", header: "Trace", value: (row) => row.name, width: 140 },
  { id: "message", header: "What went wrong", value: (row) => row.status_message ?? "", cell: (row) => <span className="text-error" title={row.status_message ?? ""}>{row.status_message ?? "–"}</span>, minWidth: 180 }, // prettier-ignore
];

const FAILING_SHOWN = 50;

/** The latest traces of the person that failed. */
export function FailingTraces({ userId }: { userId: string }) {
  const { window, project } = useScope();
  const ask = {
    from: window.from,
    to: window.to,
    filter: `user = ${quoteValue(userId)} AND status = 'ERROR'`,
    limit: FAILING_SHOWN,
    ...(project === undefined ? {} : { project_ids: [project] }),
  };
  const failing = useQuery({
    queryKey: ["failing-traces", ask],
    queryFn: ({ signal }) => searchTraces(ask, signal),
    placeholderData: (before) => before,
    staleTime: 25_000,
  });
  return (
    <div className="min-w-0 lg:border-r lg:border-line">
      <DataTable<TraceSummary>
        label="Failing traces"
        toolbar={<h2 className="text-sm font-semibold text-ink">Failing traces</h2>}
        columns={traceColumns}
        rows={failing.data?.data}
        rowKey={(row) => `${row.project_id}/${row.trace_id}`}
        rowLink={(row) => ({ to: "/traces/$traceId", params: { traceId: row.trace_id } }) as never}
        error={failing.error}
        onRetry={() => void failing.refetch()}
        height={300}
        empty="None failed in this time."
      />
    </div>
  );
}

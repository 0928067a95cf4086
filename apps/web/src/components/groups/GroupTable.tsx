import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import { Link, type LinkProps } from "@tanstack/react-router";
import { useCallback } from "react";
import { filterProblem } from "../../shell/filter-problem.ts";
import { EmptyState } from "../PanelState.tsx";
import { type DataColumn, DataTable, type TableSort } from "../table/DataTable.tsx";

interface GroupTableProps<Row> {
  label: "Sessions" | "Users";
  list: UseInfiniteQueryResult<InfiniteData<{ data: Row[] }>>;
  columns: readonly DataColumn<Row>[];
  rowKey: (row: Row) => string;
  rowLink: (row: Row) => LinkProps;
  sort: TableSort;
  onSort: (sort: TableSort) => void;
  /** Whether a filter or an id makes the list smaller than it is. */
  isNarrowed: boolean;
  /** What such a group is, for who has none yet. */
  explanation: string;
}

/** The rows of Sessions or Users, read on as one scrolls. */
export function GroupTable<Row>({ label, list, columns, rowKey, rowLink, sort, onSort, isNarrowed, explanation }: GroupTableProps<Row>) {
  const { fetchNextPage, isFetchingNextPage } = list;
  const more = useCallback(() => void (isFetchingNextPage ? undefined : fetchNextPage()), [fetchNextPage, isFetchingNextPage]);
  const noun = label.toLowerCase();
  return (
    <DataTable<Row>
      label={label}
      columns={columns}
      rows={list.data?.pages.flatMap(({ data }) => data)}
      rowKey={rowKey}
      rowLink={rowLink}
      sort={sort}
      onSort={onSort}
      error={filterProblem(list.error) === undefined ? list.error : null}
      onRetry={() => void list.refetch()}
      hasMore={list.hasNextPage}
      onMore={more}
      height="fill"
      storageKey={noun}
      empty={
        isNarrowed ? (
          <EmptyState title={`No ${noun.slice(0, -1)} fits`}>Change the filter, the id or the time.</EmptyState>
        ) : (
          <EmptyState title={`No ${noun} in this time`}>
            {explanation}{" "}
            <Link to="/docs/$slug" params={{ slug: "sessions-and-users" }} className="text-accent-ink underline">
              How to send it
            </Link>
          </EmptyState>
        )
      }
    />
  );
}

import type { LinkProps } from "@tanstack/react-router";
import { clsx } from "clsx";
import { ChartLine, Download, LayoutGrid, ListTree, MoreHorizontal, RotateCw, Table2 } from "lucide-react";
import { lazy, Suspense, useState, type ReactNode } from "react";
import type { TileSource } from "./AddToDashboard.tsx";
import { IconButton } from "./Button.tsx";
import { downloadText } from "./download.ts";
import { Menu, MenuItem, MenuLink } from "./Menu.tsx";
import { FailedState, PartialNote, Skeleton } from "./PanelState.tsx";
import { csvName, toCsv, type CsvValue } from "./table/csv.ts";

const AddToDashboard = lazy(() => import("./AddToDashboard.tsx").then((module) => ({ default: module.AddToDashboard })));

/** What a panel needs of a TanStack query. */
export interface PanelQuery {
  isPending: boolean;
  isPlaceholderData: boolean;
  error: Error | null;
  data: unknown;
  refetch: () => unknown;
}

/** The figures of a panel as rows: for the table view and the CSV. */
export interface PanelTable {
  header: readonly string[];
  rows: readonly (readonly CsvValue[])[];
  /** Rows are steps of time: the table shows the newest first. */
  isTimeline?: boolean;
  /** How a cell is shown; the CSV has it unformatted. */
  format?: (value: CsvValue, column: number) => string;
}

export interface PanelProps {
  title: string;
  /** Right of the title: what the figures rest on, e.g. `n = 1,204 traces`. */
  note?: ReactNode;
  /** Everything the panel waits for. It fails alone, and keeps what it had when only a refresh failed. */
  queries: readonly PanelQuery[];
  /** A limit was hit: what is shown rests on a part of the window. */
  partial?: string | undefined;
  /** Said instead of the content; undefined when there is something to show. */
  empty?: ReactNode;
  /** Height kept while loading, failed or empty, so that nothing moves. */
  minHeight?: number;
  table?: (() => PanelTable) | undefined;
  /** The traces behind all of it. */
  traces?: LinkProps | undefined;
  actions?: ReactNode;
  /** What it shows as a tile: offers to put it on a dashboard. */
  tile?: TileSource | undefined;
  children: ReactNode;
  className?: string;
}

const MAX_TABLE_ROWS = 2_000;

/** One panel of a page: title, what it rests on, a menu, and all four states. */
export function Panel({ title, note, queries, partial, empty, minHeight = 180, table, traces, actions, tile, children, className }: PanelProps) {
  const [isTable, setTable] = useState(false);
  const [isAdding, setAdding] = useState(false);
  const failed = queries.find(({ error, data }) => error !== null && data === undefined);
  const stale = queries.find(({ error, data }) => error !== null && data !== undefined);
  const isPending = failed === undefined && queries.some((query) => query.isPending);
  const isWaiting = queries.some((query) => query.isPlaceholderData);
  const hasContent = failed === undefined && !isPending && empty === undefined;
  const retry = (): void => {
    for (const query of queries) if (query.error !== null) query.refetch();
  };
  return (
    <section aria-label={title} aria-busy={isPending} className={clsx("flex min-w-0 flex-col", className)}>
      <div className="flex h-10 items-center gap-2 pr-2 pl-4">
        <h2 className="max-w-[72%] min-w-0 shrink-0 truncate text-sm font-semibold">{title}</h2>
        {hasContent && note !== undefined ? <span className="num min-w-0 truncate text-xs text-ink-3">{note}</span> : null}
        <span className="ml-auto flex shrink-0 items-center gap-1">
          {hasContent && partial !== undefined ? <PartialNote>{partial}</PartialNote> : null}
          {stale === undefined ? null : (
            <IconButton label={`Not refreshed: ${stale.error?.message ?? ""} Try again`} size="sm" className="text-warn!" onClick={retry}>
              <RotateCw />
            </IconButton>
          )}
          {actions}
          {hasContent && (table !== undefined || traces !== undefined) ? (
            <Menu
              label={`${title}: actions`}
              trigger={
                <IconButton label={`${title}: actions`} size="sm">
                  <MoreHorizontal />
                </IconButton>
              }
            >
              {table === undefined ? null : (
                <>
                  <MenuItem icon={isTable ? ChartLine : Table2} onSelect={() => setTable(!isTable)}>
                    {isTable ? "Show as chart" : "Show as table"}
                  </MenuItem>
                  <MenuItem icon={Download} onSelect={() => downloadText(csvName(title), toCsv(table().header, table().rows), "text/csv")}>
                    Download CSV
                  </MenuItem>
                </>
              )}
              {traces === undefined ? null : (
                <MenuLink icon={ListTree} link={traces}>
                  Open traces
                </MenuLink>
              )}
              {tile === undefined ? null : (
                <MenuItem icon={LayoutGrid} onSelect={() => setAdding(true)}>
                  Add to dashboard…
                </MenuItem>
              )}
            </Menu>
          ) : null}
          {tile !== undefined && isAdding ? (
            <Suspense>
              <AddToDashboard title={title} source={tile} onClose={() => setAdding(false)} />
            </Suspense>
          ) : null}
        </span>
      </div>
      <div style={{ minHeight }} className={clsx("relative flex min-w-0 grow flex-col transition-opacity", isWaiting && "opacity-60 delay-700")}>
        {failed !== undefined ? (
          <FailedState title="Could not be read" error={failed.error} onRetry={retry} className="my-auto py-4!" />
        ) : isPending ? (
          <div role="status" aria-label={`${title}: loading`} className="flex grow px-4 pb-4">
            <Skeleton className="w-full opacity-60" />
          </div>
        ) : empty !== undefined ? (
          <div className="m-auto max-w-sm px-6 py-4 text-center text-pretty text-ink-3">{empty}</div>
        ) : isTable && table !== undefined ? (
          <FiguresTable title={title} table={table()} height={minHeight} />
        ) : (
          children
        )}
      </div>
    </section>
  );
}

/** The table view of a panel: plain rows. */
function FiguresTable({ title, table, height }: { title: string; table: PanelTable; height: number }) {
  const { header, rows, format = (value) => (value === null || value === undefined ? "–" : String(value)) } = table;
  const shown = table.isTimeline === true ? rows.slice(-MAX_TABLE_ROWS).toReversed() : rows.slice(0, MAX_TABLE_ROWS);
  return (
    <div
      tabIndex={0}
      role="region"
      aria-label={`${title}, as a table`}
      className="focus-inset overflow-auto border-t border-line"
      style={{ maxHeight: Math.max(height, 200) }}
    >
      <table className="num w-full text-xs">
        <thead className="sticky top-0 bg-surface text-ink-3">
          <tr>
            {header.map((name, index) => (
              <th
                key={name}
                scope="col"
                className={clsx("border-b border-line px-4 py-1.5 font-medium whitespace-nowrap", index === 0 ? "text-left" : "text-right")}
              >
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row, rowIndex) => (
            <tr key={rowIndex} className="border-b border-line/60 last:border-0">
              {row.map((value, index) => (
                <td key={header[index]} className={clsx("px-4 py-1 whitespace-nowrap", index === 0 ? "text-left text-ink-2" : "text-right")}>
                  {format(value, index)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

import { useNavigate, type LinkProps } from "@tanstack/react-router";
import { getCoreRowModel, getSortedRowModel, useReactTable, type ColumnDef, type SortingState } from "@tanstack/react-table";
import { clsx } from "clsx";
import { useMemo, useRef, useState, type KeyboardEvent, type MouseEvent, type ReactNode } from "react";
import { useStoredState } from "../stored-state.ts";
import { FailedState, Skeleton } from "../PanelState.tsx";
import type { CsvValue } from "./csv.ts";
import { DataTableHead } from "./DataTableHead.tsx";
import { DataTableMenu } from "./DataTableMenu.tsx";
import { DataTableRow } from "./DataTableRow.tsx";
import { DataTableRows } from "./DataTableRows.tsx";

export interface DataColumn<Row> {
  id: string;
  header: string;
  /** What is sorted by and written to CSV. Null is unknown, and last in either direction. */
  value: (row: Row) => CsvValue;
  /** How it is shown; by default the value as text, unknown as a dash. */
  cell?: (row: Row) => ReactNode;
  /** Numbers are right-aligned. */
  align?: "right";
  /** Pixels; a column without a width shares what is left, and is never narrower than `minWidth`. */
  width?: number;
  minWidth?: number;
  /** Not shown until it is chosen in the column menu. */
  isHidden?: boolean;
  /** Explains the header. */
  hint?: string;
  isSortable?: boolean;
}

export interface TableSort {
  id: string;
  desc: boolean;
}

export interface DataTableProps<Row> {
  /** Name of the table, for screen readers and the CSV's file. */
  label: string;
  columns: readonly DataColumn<Row>[];
  /** Undefined while loading. */
  rows: readonly Row[] | undefined;
  rowKey: (row: Row) => string;
  /** Where a row leads: Enter, a click, and the link of its first cell. */
  rowLink?: ((row: Row) => LinkProps | undefined) | undefined;
  initialSort?: TableSort | undefined;
  /** The server sorts: rows come in order, and another order is asked for here. */
  sort?: TableSort | undefined;
  onSort?: ((sort: TableSort) => void) | undefined;
  error?: Error | null | undefined;
  onRetry?: (() => void) | undefined;
  empty?: ReactNode;
  /** More rows than listed exist; called when the end comes near. */
  hasMore?: boolean | undefined;
  onMore?: (() => void) | undefined;
  /** The table scrolls inside itself: `fill` takes the height its place has; a number is the greatest height. */
  height?: "fill" | number;
  /** Above the table, left of its menu. */
  toolbar?: ReactNode;
  /** Chosen columns are remembered in this browser under this name. */
  storageKey?: string | undefined;
}

const ROW_HEIGHT = 36;
const VIRTUAL_FROM = 100;
const NO_ROWS: readonly never[] = [];

/** A table of figures: sortable, with a column menu and CSV, by keyboard, virtual when long. Scrolls sideways where it is too wide. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, columns, rows, rowKey, rowLink, error, onRetry, empty, hasMore = false, onMore, height = 480, toolbar, storageKey } = props;
  const navigate = useNavigate();
  const scroll = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(-1);
  const [hidden, setHidden] = useHiddenColumns(columns, storageKey);
  const [ownSort, setOwnSort] = useState<TableSort | undefined>(props.initialSort);
  const sort = props.onSort === undefined ? ownSort : props.sort;
  const changeSort = (next: TableSort): void => (props.onSort === undefined ? setOwnSort(next) : props.onSort(next));

  const definitions = useMemo(() => columns.map(columnDefinition), [columns]);
  const sorting = useMemo<SortingState>(() => (sort === undefined ? [] : [sort]), [sort]);
  const table = useReactTable<Row>({
    data: (rows ?? NO_ROWS) as Row[],
    columns: definitions,
    state: { sorting },
    manualSorting: props.onSort !== undefined,
    // There are no pages; setting them back would draw the table again, and again without end where its rows are made anew each time.
    autoResetAll: false,
    getCoreRowModel: getCoreRowModel(),
    getSortedRowModel: getSortedRowModel(),
    getRowId: rowKey,
  });
  const sorted = table.getRowModel().rows;
  const shown = columns.filter(({ id }) => !hidden.has(id));
  const open = (index: number): void => {
    const row = sorted[index]?.original;
    const link = row === undefined ? undefined : rowLink?.(row);
    if (link !== undefined) void navigate(link as never);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    // Keys of what is inside a cell or the header are not about rows.
    if (event.target !== event.currentTarget || event.metaKey || event.ctrlKey || event.altKey) return;
    const end = sorted.length - 1;
    const target = { ArrowDown: active + 1, j: active + 1, ArrowUp: active - 1, k: active - 1, Home: 0, End: end, PageDown: active + 10, PageUp: active - 10 }[
      event.key
    ];
    if (target !== undefined) {
      const index = Math.max(0, Math.min(end, target));
      setActive(index);
      scrollToRow(scroll.current, index);
    } else if ((event.key === "Enter" || event.key === "o") && active >= 0) open(active);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const onOpen = (index: number, event: MouseEvent): void => {
    // A link in the row does this itself, and marking text is not a click.
    if (event.defaultPrevented || event.metaKey || event.ctrlKey || window.getSelection()?.isCollapsed === false) return;
    open(index);
  };

  const isEmpty = rows !== undefined && sorted.length === 0;
  return (
    <div className={clsx("flex min-w-0 flex-col", height === "fill" && "min-h-0 grow")}>
      <div className="flex h-9 shrink-0 items-center gap-2 pr-2 pl-4 text-xs text-ink-3">
        {toolbar}
        <DataTableMenu
          label={label}
          columns={columns}
          hidden={hidden}
          onHidden={setHidden}
          // What is listed, in its order, with the columns that are shown.
          csvRows={() => ({ header: shown.map(({ header }) => header), rows: sorted.map(({ original }) => shown.map(({ value }) => value(original))) })}
          hasRows={sorted.length > 0}
        />
      </div>
      {error !== null && error !== undefined && rows === undefined ? (
        <FailedState title={`${label} could not be read`} error={error} {...(onRetry === undefined ? {} : { onRetry })} />
      ) : (
        <div
          ref={scroll}
          role="grid"
          aria-label={label}
          aria-rowcount={hasMore ? -1 : sorted.length + 1}
          aria-busy={rows === undefined}
          tabIndex={0}
          onKeyDown={onKeyDown}
          onBlur={(event) => event.currentTarget.contains(event.relatedTarget) || setActive(-1)}
          {...(active >= 0 ? { "aria-activedescendant": rowId(label, active) } : {})}
          className={clsx("focus-inset relative overflow-auto border-t border-line", height === "fill" && "min-h-0 grow")}
          style={{ "--columns": gridTemplate(shown), ...(height === "fill" ? {} : { maxHeight: height }) } as React.CSSProperties}
        >
          <DataTableHead columns={shown} sort={sort} onSort={changeSort} />
          {rows === undefined ? (
            <LoadingRows columns={shown.length} />
          ) : isEmpty ? (
            <div className="px-6 py-10 text-center text-pretty text-ink-3">{empty ?? "Nothing in this window."}</div>
          ) : (
            <DataTableRows
              isVirtual={sorted.length > VIRTUAL_FROM || hasMore}
              count={sorted.length}
              rowHeight={ROW_HEIGHT}
              scroll={scroll}
              onNearEnd={hasMore ? onMore : undefined}
            >
              {(index, top) => {
                const row = sorted[index];
                return row === undefined ? null : (
                  <DataTableRow
                    key={row.id}
                    id={rowId(label, index)}
                    row={row.original}
                    index={index}
                    top={top}
                    height={ROW_HEIGHT}
                    columns={shown}
                    link={rowLink?.(row.original)}
                    isActive={index === active}
                    onOpen={onOpen}
                  />
                );
              }}
            </DataTableRows>
          )}
        </div>
      )}
    </div>
  );
}

/** Unknown values come last whichever way one sorts: they are not small. */
function columnDefinition<Row>(column: DataColumn<Row>): ColumnDef<Row> {
  return {
    id: column.id,
    accessorFn: (row) => column.value(row) ?? undefined,
    sortUndefined: "last",
    sortingFn: (a, b, id) => compareValues(a.getValue(id), b.getValue(id)),
  };
}

function compareValues(a: unknown, b: unknown): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a).localeCompare(String(b), "en", { numeric: true });
}

export function gridTemplate(columns: readonly Pick<DataColumn<never>, "width" | "minWidth">[]): string {
  return columns.map(({ width, minWidth }) => (width === undefined ? `minmax(${minWidth ?? 140}px, 1fr)` : `${width}px`)).join(" ");
}

function scrollToRow(element: HTMLElement | null, index: number): void {
  if (element === null) return;
  const top = index * ROW_HEIGHT;
  const room = element.clientHeight - 2 * ROW_HEIGHT; // the header, and the row itself
  if (top < element.scrollTop) element.scrollTop = top;
  else if (top > element.scrollTop + room) element.scrollTop = top - room;
}

function rowId(label: string, index: number): string {
  return `${label.replaceAll(/\W+/g, "-")}-row-${index}`;
}

function useHiddenColumns<Row>(
  columns: readonly DataColumn<Row>[],
  storageKey: string | undefined,
): [ReadonlySet<string>, (hidden: ReadonlySet<string>) => void] {
  const initial = columns.flatMap(({ id, isHidden }) => (isHidden === true ? [id] : []));
  const [stored, store] = useStoredState<string[]>(`telltale.table.${storageKey ?? ""}`, initial, (value) =>
    storageKey !== undefined && Array.isArray(value) ? value.filter((id): id is string => typeof id === "string") : undefined,
  );
  return [new Set(stored), (hidden) => store([...hidden])];
}

function LoadingRows({ columns }: { columns: number }) {
  return Array.from({ length: 8 }, (_, row) => (
    <div
      key={row}
      role="row"
      aria-label="Loading"
      className="grid h-9 grid-cols-(--columns) items-center border-b border-line/60"
      style={{ opacity: 1 - row / 10 }}
    >
      {Array.from({ length: columns }, (__, index) => (
        <div key={index} role="gridcell" className="px-3">
          <Skeleton className="h-3.5" />
        </div>
      ))}
    </div>
  ));
}

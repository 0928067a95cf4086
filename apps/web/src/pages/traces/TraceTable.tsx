import { Link } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import type { TraceSummary } from "@telltale/model/api";
import { clsx } from "clsx";
import { ArrowDown, ArrowUp } from "lucide-react";
import { memo, useEffect, useRef, type MouseEvent, type PointerEvent, type RefObject } from "react";
import { Skeleton } from "../../components/PanelState.tsx";
import { StatusIcon } from "../../components/Status.tsx";
import type { CellContext, Column } from "./columns.tsx";
import { gridTemplate, rowHeights, type TableLayout } from "./table-layout.ts";

export interface TraceTableProps {
  traces: readonly TraceSummary[];
  freshIds: ReadonlySet<string>;
  columns: readonly Column[];
  layout: TableLayout;
  onResize: (column: string, width: number) => void;
  sort: string | undefined;
  onSort: (key: string) => void;
  selected: ReadonlySet<string>;
  onSelect: (id: string, extend: boolean) => void;
  onSelectAll: () => void;
  activeIndex: number;
  onOpen: (trace: TraceSummary, event: MouseEvent) => void;
  hasMore: boolean;
  onMore: () => void;
  scrollRef: RefObject<HTMLDivElement | null>;
  onScrolled: (isAtTop: boolean) => void;
}

const LOADING_ROWS = 3;

/** Rows that are on screen, and no others. */
export function TraceTable(props: TraceTableProps) {
  const { traces, layout, columns, selected, hasMore, onMore, activeIndex, scrollRef } = props;
  const height = rowHeights[layout.density];
  const virtualizer = useVirtualizer({
    count: traces.length + (hasMore ? LOADING_ROWS : 0),
    getScrollElement: () => scrollRef.current,
    estimateSize: () => height,
    overscan: 12,
  });
  useEffect(() => virtualizer.measure(), [height, virtualizer]);
  const rows = virtualizer.getVirtualItems();
  const last = rows.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && last >= traces.length - 20) onMore();
  }, [hasMore, last, traces.length, onMore]);
  useEffect(() => {
    if (activeIndex >= 0) virtualizer.scrollToIndex(activeIndex, { align: "auto" });
  }, [activeIndex, virtualizer]);
  const maxDurationMs = useMaxDuration(traces);
  const context: CellContext = { relativeTimes: layout.relativeTimes, maxDurationMs, oneLine: layout.density !== "tall" };
  const allSelected = traces.length > 0 && selected.size >= traces.length && traces.every((trace) => selected.has(trace.trace_id));
  return (
    <div
      ref={scrollRef}
      onScroll={(event) => props.onScrolled(event.currentTarget.scrollTop < height)}
      role="grid"
      aria-label="Traces"
      aria-rowcount={hasMore ? -1 : traces.length + 1}
      tabIndex={0}
      className="focus-inset relative min-h-0 grow overflow-auto"
      style={{ "--columns": gridTemplate(columns, layout.widths) } as React.CSSProperties}
    >
      <div
        role="row"
        aria-rowindex={1}
        className="sticky top-0 z-10 grid h-8 min-w-full grid-cols-(--columns) items-stretch border-b border-line bg-surface text-xs font-medium text-ink-3"
        style={{ width: "max-content" }}
      >
        <div role="columnheader" className="flex items-center justify-center">
          <input type="checkbox" aria-label="Select all loaded traces" checked={allSelected} onChange={props.onSelectAll} className="size-3.5 accent-accent" />
        </div>
        <HeaderCell id="name" label="Trace" sortKey="name" {...props} minWidth={120} />
        {columns.map((column) => (
          <HeaderCell key={column.id} id={column.id} label={column.label} sortKey={column.sort} align={column.align} minWidth={column.minWidth} {...props} />
        ))}
      </div>
      <div role="rowgroup" className="relative min-w-full" style={{ height: virtualizer.getTotalSize(), width: "max-content" }}>
        {/* One row in the flow gives the group its width; the others are placed over it. */}
        <div aria-hidden className="grid h-0 grid-cols-(--columns) overflow-hidden" />
        {rows.map((item) => {
          const trace = traces[item.index];
          if (trace === undefined) return <LoadingRow key={item.key} top={item.start} height={height} columns={columns.length} />;
          return (
            <TraceRow
              key={trace.trace_id}
              trace={trace}
              index={item.index}
              top={item.start}
              height={height}
              columns={columns}
              relativeTimes={context.relativeTimes}
              maxDurationMs={maxDurationMs}
              oneLine={context.oneLine}
              isSelected={selected.has(trace.trace_id)}
              isActive={item.index === activeIndex}
              isFresh={props.freshIds.has(trace.trace_id)}
              onSelect={props.onSelect}
              onOpen={props.onOpen}
            />
          );
        })}
      </div>
    </div>
  );
}

interface RowProps extends CellContext {
  trace: TraceSummary;
  index: number;
  top: number;
  height: number;
  columns: readonly Column[];
  isSelected: boolean;
  isActive: boolean;
  isFresh: boolean;
  onSelect: (id: string, extend: boolean) => void;
  onOpen: (trace: TraceSummary, event: MouseEvent) => void;
}

const TraceRow = memo(function TraceRow({ trace, index, top, height, columns, isSelected, isActive, isFresh, onSelect, onOpen, ...context }: RowProps) {
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      data-trace={trace.trace_id}
      onClick={(event) => onOpen(trace, event)}
      className={clsx(
        "group absolute left-0 grid min-w-full cursor-pointer grid-cols-(--columns) items-center border-b border-line/60",
        isSelected ? "bg-accent-soft" : "hover:bg-hover/70",
        isActive && "shadow-[inset_2px_0_0_var(--accent)] not-aria-selected:bg-hover",
        isFresh && "fresh",
      )}
      style={{ transform: `translateY(${top}px)`, height }}
    >
      <div role="gridcell" className="flex h-full items-center justify-center" onClick={(event) => event.stopPropagation()}>
        <input
          type="checkbox"
          aria-label={`Select ${trace.name}`}
          checked={isSelected}
          onClick={(event) => onSelect(trace.trace_id, event.shiftKey)}
          readOnly
          className="size-3.5 accent-accent opacity-40 group-hover:opacity-100 checked:opacity-100 focus-visible:opacity-100"
        />
      </div>
      <div role="gridcell" className="flex min-w-0 items-center gap-2 px-2">
        <StatusIcon status={trace.status} />
        <Link
          to="/traces/$traceId"
          params={{ traceId: trace.trace_id }}
          preload={false}
          title={trace.name}
          onClick={(event) => event.stopPropagation()}
          className="focus-inset truncate font-medium text-ink hover:underline"
        >
          {trace.name === "" ? <span className="text-ink-3">unnamed</span> : trace.name}
        </Link>
        {trace.error_count > 0 && trace.status !== "error" ? (
          <span title={`${trace.error_count} failed spans`} className="num shrink-0 rounded-sm bg-error-soft px-1 text-2xs font-medium text-error">
            {trace.error_count} err
          </span>
        ) : null}
      </div>
      {columns.map((column) => (
        <div key={column.id} role="gridcell" className={clsx("min-w-0 truncate px-2", column.align === "right" && "num text-right")}>
          {column.cell(trace, context)}
        </div>
      ))}
    </div>
  );
});

interface HeaderCellProps extends TraceTableProps {
  id: string;
  label: string;
  sortKey: string | undefined;
  align?: "right" | undefined;
  minWidth: number;
}

function HeaderCell({ id, label, sortKey, align, minWidth, sort, onSort, onResize }: HeaderCellProps) {
  const direction =
    sortKey === undefined
      ? undefined
      : sort === sortKey
        ? "ascending"
        : sort === `-${sortKey}` || (sort === undefined && sortKey === "timestamp_ms")
          ? "descending"
          : undefined;
  const Arrow = direction === "ascending" ? ArrowUp : ArrowDown;
  return (
    <div
      role="columnheader"
      aria-sort={direction ?? "none"}
      className={clsx("group/head relative flex min-w-0 items-center px-2", align === "right" && "justify-end")}
    >
      {sortKey === undefined ? (
        <span className="truncate">{label}</span>
      ) : (
        <button
          type="button"
          onClick={() => onSort(sortKey)}
          className={clsx("focus-inset -mx-1 flex min-w-0 items-center gap-1 rounded-sm px-1 hover:text-ink", direction !== undefined && "text-ink")}
        >
          <span className="truncate">{label}</span>
          {direction === undefined ? null : <Arrow className="size-3 shrink-0" aria-hidden />}
        </button>
      )}
      <Resizer id={id} minWidth={minWidth} onResize={onResize} />
    </div>
  );
}

/** Drag, or nothing: widths are a convenience of the pointer. Double click goes back to the default. */
function Resizer({ id, minWidth, onResize }: { id: string; minWidth: number; onResize: (column: string, width: number) => void }) {
  const drag = useRef<{ x: number; width: number } | undefined>(undefined);
  const onMove = (event: PointerEvent): void => {
    if (drag.current !== undefined) onResize(id, Math.round(Math.min(1200, Math.max(minWidth, drag.current.width + event.clientX - drag.current.x))));
  };
  return (
    <div
      aria-hidden
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        drag.current = { x: event.clientX, width: event.currentTarget.parentElement?.clientWidth ?? minWidth };
      }}
      onPointerMove={onMove}
      onPointerUp={() => (drag.current = undefined)}
      onDoubleClick={() => onResize(id, 0)}
      className="absolute top-1.5 -right-1 bottom-1.5 z-10 w-2 cursor-col-resize touch-none after:absolute after:inset-y-0 after:left-1/2 after:w-px after:bg-line-strong after:opacity-0 group-hover/head:after:opacity-100 hover:after:bg-accent"
    />
  );
}

function LoadingRow({ top, height, columns }: { top: number; height: number; columns: number }) {
  return (
    <div
      role="row"
      aria-label="Loading"
      className="absolute left-0 grid min-w-full grid-cols-(--columns) items-center border-b border-line/60"
      style={{ transform: `translateY(${top}px)`, height }}
    >
      <div role="gridcell" />
      {Array.from({ length: columns + 1 }, (_, index) => (
        <div key={index} role="gridcell" className="px-2">
          <Skeleton className="h-3.5" />
        </div>
      ))}
    </div>
  );
}

function useMaxDuration(traces: readonly TraceSummary[]): number {
  let max = 1;
  for (const trace of traces) if (trace.duration_ms > max) max = trace.duration_ms;
  return max;
}

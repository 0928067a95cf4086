import { useVirtualizer } from "@tanstack/react-virtual";
import { clsx } from "clsx";
import { ChevronRight } from "lucide-react";
import { memo, useMemo, useRef, useState } from "react";
import { formatCount } from "../../format/number.ts";
import { TextValue } from "./TextValue.tsx";
import { CHILDREN_STEP, containerOf, foldedText, jsonRows, noFolds, type JsonFolds, type JsonRow } from "./json-rows.ts";

/** More lines than this scroll in a window of their own. */
const INLINE_ROWS = 120;
const LINE_HEIGHT = 22;

/** A JSON value as a tree. Only what is open is walked, only what is on screen is drawn. */
export const JsonView = memo(function JsonView({ value }: { value: unknown }) {
  const [folds, setFolds] = useState<JsonFolds>(noFolds);
  const rows = useMemo(() => withoutRoot(jsonRows(value, folds)), [value, folds]);
  const onToggle = (row: JsonRow): void => {
    if (row.more !== undefined) {
      const container = containerOf(row.path);
      setFolds({ ...folds, listed: new Map(folds.listed).set(container, (folds.listed.get(container) ?? CHILDREN_STEP) + CHILDREN_STEP * 5) });
    } else setFolds({ ...folds, open: new Map(folds.open).set(row.path, !row.isOpen) });
  };
  const hasFolds = rows.some((row) => row.childCount !== undefined && row.childCount > 0);
  if (rows.length > INLINE_ROWS) return <VirtualRows rows={rows} onToggle={onToggle} />;
  return (
    <div className="font-mono text-xs">
      {rows.map((row) => (
        <JsonLine key={row.path} row={row} hasFolds={hasFolds} onToggle={onToggle} />
      ))}
    </div>
  );
});

/** A line that only says "this is open" says nothing: the children of the root stand at the margin. */
function withoutRoot(rows: JsonRow[]): JsonRow[] {
  if (rows.length < 2) return rows;
  return rows.slice(1).map((row) => ({ ...row, depth: row.depth - 1 }));
}

function VirtualRows({ rows, onToggle }: { rows: readonly JsonRow[]; onToggle: (row: JsonRow) => void }) {
  const scroll = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => LINE_HEIGHT,
    overscan: 20,
    getItemKey: (index) => rows[index]?.path ?? index,
  });
  return (
    <div ref={scroll} tabIndex={0} role="region" aria-label="JSON" className="focus-inset max-h-[60vh] overflow-auto font-mono text-xs">
      <div className="relative" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map((item) => {
          const row = rows[item.index];
          if (row === undefined) return null;
          return (
            <div
              key={item.key}
              ref={virtualizer.measureElement}
              data-index={item.index}
              className="absolute inset-x-0"
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <JsonLine row={row} hasFolds onToggle={onToggle} />
            </div>
          );
        })}
      </div>
    </div>
  );
}

function JsonLine({ row, hasFolds, onToggle }: { row: JsonRow; hasFolds: boolean; onToggle: (row: JsonRow) => void }) {
  const indent = { paddingLeft: Math.min(row.depth, 24) * 14 };
  if (row.more !== undefined) {
    return (
      <div style={indent} className="pl-4">
        <button type="button" onClick={() => onToggle(row)} className="ml-4 h-[22px] rounded-sm px-1 text-accent-ink hover:bg-hover">
          {formatCount(row.more)} more
        </button>
      </div>
    );
  }
  const isContainer = row.childCount !== undefined && row.childCount > 0;
  return (
    <div style={indent} className="flex items-start leading-[22px]">
      {isContainer ? (
        <button
          type="button"
          aria-expanded={row.isOpen}
          aria-label={`${row.isOpen ? "Fold" : "Unfold"} ${row.key ?? "all"}`}
          onClick={() => onToggle(row)}
          className="flex h-[22px] w-4 shrink-0 items-center justify-center rounded-sm text-ink-3 hover:bg-hover hover:text-ink"
        >
          <ChevronRight className={clsx("size-3 transition-transform", row.isOpen && "rotate-90")} />
        </button>
      ) : hasFolds ? (
        <span className="w-4 shrink-0" />
      ) : null}
      {row.key === undefined ? null : <span className="mr-1.5 shrink-0 text-ink-3">{row.key}:</span>}
      {row.childCount === undefined ? (
        <JsonScalar value={row.value} />
      ) : row.isOpen ? (
        <span className="text-ink-3">{Array.isArray(row.value) ? `[${formatCount(row.childCount)}]` : ""}</span>
      ) : (
        <button type="button" tabIndex={-1} onClick={() => onToggle(row)} className="truncate rounded-sm text-ink-3 hover:text-ink">
          {foldedText(row.value)}
        </button>
      )}
    </div>
  );
}

function JsonScalar({ value }: { value: unknown }) {
  if (typeof value === "string") return <TextValue text={value} className="text-ok" />;
  if (typeof value === "number") return <span className="num text-warn">{String(value)}</span>;
  if (typeof value === "boolean") return <span className="text-accent-ink">{String(value)}</span>;
  return <span className="text-ink-3">{String(value)}</span>;
}

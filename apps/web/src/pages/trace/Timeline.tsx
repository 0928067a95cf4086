import { useVirtualizer } from "@tanstack/react-virtual";
import { CircleSlash, CopyMinus, CopyPlus, OctagonX, Search, ZoomOut } from "lucide-react";
import { memo, useEffect, useImperativeHandle, useMemo, useRef, useState, type PointerEvent, type Ref } from "react";
import { IconButton } from "../../components/Button.tsx";
import { EmptyState } from "../../components/PanelState.tsx";
import { plural } from "../../format/number.ts";
import { useStoredState } from "../../components/stored-state.ts";
import { Minimap } from "./Minimap.tsx";
import { Ruler } from "./Ruler.tsx";
import { ROW_HEIGHT, SpanRow } from "./SpanRow.tsx";
import { ERROR, matchMask, ORPHAN, revealed, visibleRows, type SpanTree, type TreeSpan } from "./span-tree.ts";

/** Above this, only the first levels are open: a wall of 50,000 rows explains nothing. */
const OPEN_ALL_BELOW = 2_000;
const NOTHING_MARKED: ReadonlySet<number> = new Set();

export interface TimelineHandle {
  move: (step: number) => void;
  fold: (isOpen: boolean) => void;
  focusSearch: () => void;
}

export interface TimelineProps {
  tree: SpanTree;
  selected: number;
  /** Spans that show the chosen finding: marked, and unfolded. Keeps its identity while the finding is the same. */
  marked: ReadonlySet<number>;
  onSelect: (index: number) => void;
  isNarrow: boolean;
  ref: Ref<TimelineHandle>;
}

/** Tree and waterfall on shared rows. */
export const Timeline = memo(function Timeline({ tree, selected, marked, onSelect, isNarrow, ref }: TimelineProps) {
  const [collapsed, setCollapsed] = useState(() => initiallyCollapsed(tree));
  const [hideNoise, setHideNoise] = useState(true);
  const [errorsOnly, setErrorsOnly] = useState(false);
  const [typed, setTyped] = useState("");
  const [zoom, setZoom] = useState<[number, number] | undefined>();
  const [treeWidth, setTreeWidth] = useStoredState("telltale.trace.tree-width", 340, (stored) =>
    typeof stored === "number" && stored >= 160 && stored <= 900 ? stored : undefined,
  );
  const scroll = useRef<HTMLDivElement>(null);
  const searchInput = useRef<HTMLInputElement>(null);

  const needle = typed.trim().toLowerCase();
  const match = useMemo(() => {
    if (needle === "" && !errorsOnly) return undefined;
    return matchMask(tree, (span, index) => (!errorsOnly || ((tree.flags[index] ?? 0) & ERROR) !== 0) && (needle === "" || spanText(span).includes(needle)));
  }, [tree, needle, errorsOnly]);
  const view = useMemo(
    () =>
      visibleRows(tree, {
        collapsed: match === undefined ? collapsed : new Uint8Array(tree.spans.length),
        hideNoise: hideNoise && match === undefined,
        keep: match?.keep,
      }),
    [tree, collapsed, hideNoise, match],
  );
  const virtualizer = useVirtualizer({ count: view.rows.length, getScrollElement: () => scroll.current, estimateSize: () => ROW_HEIGHT, overscan: 16 });

  // The selected span is unfolded and scrolled to, wherever the selection came from.
  const shown = useRef(-1);
  useEffect(() => {
    if (selected < 0 || shown.current === selected) return;
    const opened = revealed(tree, collapsed, selected);
    if (opened !== collapsed) return setCollapsed(opened);
    const row = view.rows.indexOf(selected);
    if (row < 0) return;
    shown.current = selected;
    virtualizer.scrollToIndex(row, { align: "auto" });
  }, [selected, tree, collapsed, view, virtualizer]);

  const [unfoldedFor, setUnfoldedFor] = useState(NOTHING_MARKED);
  if (marked !== unfoldedFor) {
    setUnfoldedFor(marked);
    setCollapsed([...marked].reduce((before, index) => revealed(tree, before, index), collapsed));
  }

  const toggle = (index: number): void => {
    const next = collapsed.slice();
    next[index] = next[index] === 1 ? 0 : 1;
    setCollapsed(next);
  };
  const toggleRef = useRef(toggle);
  useEffect(() => {
    toggleRef.current = toggle;
  });
  const onToggle = useMemo(() => (index: number) => toggleRef.current(index), []);
  useImperativeHandle(ref, () => ({
    move: (step) => {
      const row = view.rows.indexOf(selected);
      const next = view.rows[Math.min(view.rows.length - 1, Math.max(0, row + step))];
      if (next !== undefined) onSelect(next);
    },
    fold: (isOpen) => {
      const hasChildren = (tree.end[selected] ?? 0) > selected + 1;
      if (hasChildren && (collapsed[selected] === 1) === isOpen) return toggle(selected);
      const up = tree.parent[selected] ?? -1;
      if (!isOpen && up !== -1) onSelect(up);
      else if (isOpen && hasChildren) onSelect(selected + 1);
    },
    focusSearch: () => searchInput.current?.focus(),
  }));

  const [from, to] = zoom ?? [0, Math.max(tree.totalMs, 0.001)];
  const width = isNarrow ? 190 : treeWidth;
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="flex h-10 shrink-0 items-center gap-1 border-b border-line px-2">
        <div className="relative min-w-0 grow max-w-72">
          <Search className="pointer-events-none absolute top-1.5 left-2 size-3.5 text-ink-3" aria-hidden />
          <input
            ref={searchInput}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            onKeyDown={(event) => event.key === "Escape" && (setTyped(""), event.currentTarget.blur())}
            placeholder="Search in the spans"
            aria-label="Search in the spans"
            className="h-[26px] w-full rounded-md bg-sunken pr-2 pl-7 text-xs"
          />
        </div>
        {match === undefined ? null : (
          <span className="num px-1 text-xs whitespace-nowrap text-ink-3" role="status">
            {plural(match.hits.length, "span")}
          </span>
        )}
        <div className="ml-auto flex items-center gap-0.5">
          {tree.errorCount > 0 ? (
            <IconButton label={`Errors only (${tree.errorCount})`} size="sm" aria-pressed={errorsOnly} onClick={() => setErrorsOnly(!errorsOnly)}>
              <OctagonX />
            </IconButton>
          ) : null}
          {tree.noiseCount > 0 ? (
            <IconButton
              label={hideNoise ? `Show ${plural(tree.noiseCount, "span")} of plumbing` : "Hide plumbing"}
              size="sm"
              aria-pressed={hideNoise}
              onClick={() => setHideNoise(!hideNoise)}
            >
              <CircleSlash />
            </IconButton>
          ) : null}
          <IconButton label="Unfold all" size="sm" onClick={() => setCollapsed(new Uint8Array(tree.spans.length))}>
            <CopyPlus />
          </IconButton>
          <IconButton label="Fold all" size="sm" onClick={() => setCollapsed(foldedBelow(tree, 0))}>
            <CopyMinus />
          </IconButton>
          {zoom === undefined ? null : (
            <IconButton label="Show the whole time" size="sm" onClick={() => setZoom(undefined)}>
              <ZoomOut />
            </IconButton>
          )}
        </div>
      </div>
      <div className="flex shrink-0 border-b border-line" style={{ paddingLeft: isNarrow ? 0 : width }}>
        <Minimap tree={tree} zoom={zoom} onZoom={setZoom} />
      </div>
      <div className="relative flex min-h-0 grow flex-col" style={{ "--tree": `${width}px` } as React.CSSProperties}>
        <div ref={scroll} tabIndex={0} role="region" aria-label="Spans" className="focus-inset min-h-0 grow overflow-y-auto overflow-x-hidden">
          <Ruler from={from} to={to} isNarrow={isNarrow} />
          {view.rows.length === 0 ? (
            <EmptyState title={match === undefined ? "This trace has no spans yet" : "No span matches"} />
          ) : (
            <div role="tree" aria-label="Spans" className="relative" style={{ height: virtualizer.getTotalSize() }}>
              {virtualizer.getVirtualItems().map((item) => {
                const index = view.rows[item.index] ?? 0;
                const span = tree.spans[index];
                if (span === undefined) return null;
                return (
                  <SpanRow
                    key={span.span_id}
                    span={span}
                    index={index}
                    top={item.start}
                    depth={view.depths[item.index] ?? 0}
                    hasChildren={(tree.end[index] ?? 0) > index + 1}
                    isOpen={collapsed[index] === 0 || match !== undefined}
                    hiddenCount={collapsed[index] === 1 && match === undefined ? (tree.end[index] ?? 0) - index - 1 : 0}
                    isSelected={index === selected}
                    isMarked={marked.has(index)}
                    isOrphan={((tree.flags[index] ?? 0) & ORPHAN) !== 0}
                    errorsBelow={tree.errorsBelow[index] ?? 0}
                    startMs={tree.startMs[index] ?? 0}
                    endMs={tree.endMs[index] ?? 0}
                    from={from}
                    to={to}
                    onSelect={onSelect}
                    onToggle={onToggle}
                  />
                );
              })}
            </div>
          )}
        </div>
        {isNarrow ? null : <Splitter width={treeWidth} onWidth={setTreeWidth} />}
      </div>
    </div>
  );
});

function initiallyCollapsed(tree: SpanTree): Uint8Array {
  return tree.spans.length <= OPEN_ALL_BELOW ? new Uint8Array(tree.spans.length) : foldedBelow(tree, 1);
}

function foldedBelow(tree: SpanTree, level: number): Uint8Array {
  const collapsed = new Uint8Array(tree.spans.length);
  for (let index = 0; index < collapsed.length; index += 1) if ((tree.depth[index] ?? 0) >= level && (tree.end[index] ?? 0) > index + 1) collapsed[index] = 1;
  return collapsed;
}

function spanText(span: TreeSpan): string {
  return `${span.name}\n${span.kind}\n${span.model ?? ""}\n${span.tool_name ?? ""}\n${span.agent_name ?? ""}\n${span.service ?? ""}\n${span.status_message ?? ""}\n${span.error_type ?? ""}\n${span.span_id}`.toLowerCase();
}

/** The line between tree and waterfall, to drag or to move with the arrow keys. */
function Splitter({ width, onWidth }: { width: number; onWidth: (width: number) => void }) {
  const drag = useRef<{ x: number; width: number } | undefined>(undefined);
  const clamp = (value: number): number => Math.min(900, Math.max(160, value));
  return (
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label="Width of the tree"
      aria-valuenow={width}
      aria-valuemin={160}
      aria-valuemax={900}
      tabIndex={0}
      onKeyDown={(event) => {
        if (event.key === "ArrowLeft" || event.key === "ArrowRight") onWidth(clamp(width + (event.key === "ArrowLeft" ? -20 : 20)));
      }}
      onPointerDown={(event: PointerEvent) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        drag.current = { x: event.clientX, width };
      }}
      onPointerMove={(event) => drag.current !== undefined && onWidth(clamp(drag.current.width + event.clientX - drag.current.x))}
      onPointerUp={() => (drag.current = undefined)}
      className="absolute top-0 bottom-0 left-(--tree) z-10 -ml-1 w-2 cursor-col-resize touch-none after:absolute after:inset-y-0 after:left-1/2 after:w-px after:bg-transparent hover:after:bg-accent"
    />
  );
}

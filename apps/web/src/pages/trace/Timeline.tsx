import { useVirtualizer } from "@tanstack/react-virtual";
import { clsx } from "clsx";
import { ChevronRight, CircleSlash, CopyMinus, CopyPlus, OctagonX, Search, ZoomOut } from "lucide-react";
import { memo, useEffect, useImperativeHandle, useMemo, useRef, useState, type PointerEvent, type Ref } from "react";
import { IconButton } from "../../components/Button.tsx";
import { KindIcon, kindLook } from "../../components/Kind.tsx";
import { EmptyState } from "../../components/PanelState.tsx";
import { formatDuration, plural } from "../../format/number.ts";
import { useStoredState } from "../../shell/stored-state.ts";
import { Minimap } from "./Minimap.tsx";
import { ERROR, matchMask, ORPHAN, revealed, visibleRows, type SpanTree, type TreeSpan } from "./span-tree.ts";
import { rulerTicks } from "./time-ruler.ts";

const ROW_HEIGHT = 28;
/** Above this, only the first levels are open: a wall of 50,000 rows explains nothing. */
const OPEN_ALL_BELOW = 2_000;

export interface TimelineHandle {
  move: (step: number) => void;
  fold: (isOpen: boolean) => void;
  focusSearch: () => void;
}

export interface TimelineProps {
  tree: SpanTree;
  selected: number;
  onSelect: (index: number) => void;
  isNarrow: boolean;
  ref: Ref<TimelineHandle>;
}

/** Tree and waterfall on shared rows. */
export const Timeline = memo(function Timeline({ tree, selected, onSelect, isNarrow, ref }: TimelineProps) {
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
  // oxlint-disable-next-line react/incompatible-library -- the React Compiler, which this is about, is not used
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

interface SpanRowProps {
  span: TreeSpan;
  index: number;
  top: number;
  depth: number;
  hasChildren: boolean;
  isOpen: boolean;
  hiddenCount: number;
  isSelected: boolean;
  isOrphan: boolean;
  errorsBelow: number;
  startMs: number;
  endMs: number;
  from: number;
  to: number;
  onSelect: (index: number) => void;
  onToggle: (index: number) => void;
}

const INDENT = 14;
/** Deeper than this the indent stops growing: the name must stay readable. */
const MAX_INDENT_LEVELS = 14;

/** `chat gpt-5` names its model already; so it does when the answer came from a dated version of it. */
function modelUnlessNamed(span: TreeSpan): string | null | undefined {
  const isNamed = [span.model, span.request_model].some((model) => model != null && span.name.includes(model));
  return isNamed ? undefined : span.model;
}

const SpanRow = memo(function SpanRow({
  span,
  index,
  top,
  depth,
  hasChildren,
  isOpen,
  hiddenCount,
  isSelected,
  isOrphan,
  errorsBelow,
  startMs,
  endMs,
  from,
  to,
  onSelect,
  onToggle,
}: SpanRowProps) {
  const isError = span.status === "error";
  const levels = Math.min(depth, MAX_INDENT_LEVELS);
  const sub =
    span.tool_name != null && !span.name.includes(span.tool_name)
      ? span.tool_name
      : span.kind === "LLM" || span.kind === "EMBEDDING"
        ? modelUnlessNamed(span)
        : undefined;
  return (
    <div
      role="treeitem"
      aria-level={depth + 1}
      aria-selected={isSelected}
      {...(hasChildren ? { "aria-expanded": isOpen } : {})}
      aria-label={`${kindLook(span.kind).label} ${span.name}, ${formatDuration(span.duration_ms)}${isError ? ", error" : ""}`}
      onClick={() => onSelect(index)}
      className={clsx(
        "group absolute inset-x-0 flex cursor-pointer items-stretch",
        isSelected ? "bg-accent-soft" : "hover:bg-hover/70",
        span.noise === true && "opacity-60",
      )}
      style={{ transform: `translateY(${top}px)`, height: ROW_HEIGHT }}
    >
      <div
        className={clsx("relative flex w-(--tree) shrink-0 items-center gap-1.5 overflow-hidden pr-2", isSelected && "shadow-[inset_2px_0_0_var(--accent)]")}
        style={{ paddingLeft: 6 + levels * INDENT }}
      >
        {Array.from({ length: levels }, (_, level) => (
          <span key={level} aria-hidden className="absolute inset-y-0 w-px bg-line" style={{ left: 14 + level * INDENT }} />
        ))}
        {hasChildren ? (
          <button
            type="button"
            tabIndex={-1}
            aria-label={isOpen ? "Fold" : "Unfold"}
            onClick={(event) => {
              event.stopPropagation();
              onToggle(index);
            }}
            className="z-1 flex size-4 shrink-0 items-center justify-center rounded-sm bg-inherit text-ink-3 hover:bg-pressed hover:text-ink"
          >
            <ChevronRight className={clsx("size-3.5 transition-transform", isOpen && "rotate-90")} />
          </button>
        ) : (
          <span className="w-4 shrink-0" />
        )}
        <KindIcon kind={span.kind} />
        <span className={clsx("truncate", isError ? "text-error" : "text-ink", isSelected && "font-medium")}>{span.name === "" ? "unnamed" : span.name}</span>
        {isOrphan ? (
          <span title="Its parent span never arrived" className="shrink-0 rounded-sm bg-warn-soft px-1 text-2xs text-warn">
            no parent
          </span>
        ) : null}
        {sub == null ? null : <span className="min-w-0 shrink-[4] truncate text-xs text-ink-3">{sub}</span>}
        {hiddenCount > 0 ? <span className="num shrink-0 rounded-sm bg-hover px-1 text-2xs text-ink-3">{hiddenCount}</span> : null}
        {isError ? (
          <OctagonX className="ml-auto size-3.5 shrink-0 text-error" aria-hidden />
        ) : errorsBelow > 0 && !isOpen ? (
          <span className="num ml-auto shrink-0 rounded-sm bg-error-soft px-1 text-2xs text-error">{errorsBelow} err</span>
        ) : null}
      </div>
      <Bar span={span} startMs={startMs} endMs={endMs} from={from} to={to} isError={isError} />
    </div>
  );
});

function Bar({ span, startMs, endMs, from, to, isError }: { span: TreeSpan; startMs: number; endMs: number; from: number; to: number; isError: boolean }) {
  const scale = 100 / (to - from);
  const left = Math.max(0, (startMs - from) * scale);
  const right = Math.min(100, (endMs - from) * scale);
  const isOutside = endMs < from || startMs > to;
  // The label stands right of the bar, else left of it, else on it.
  const labelAt = right <= 84 ? "right" : left >= 12 ? "left" : "inside";
  const ttft = span.ttft_ms == null ? undefined : Math.min(1, span.ttft_ms / Math.max(span.duration_ms, 0.001));
  return (
    <div data-kind={kindLook(span.kind).hue} className="relative mr-3 min-w-0 grow">
      {isOutside ? null : (
        <>
          <span
            aria-hidden
            className={clsx("absolute top-[7px] h-3.5 min-w-0.5 overflow-hidden rounded-[3px]", isError ? "bg-error" : "bg-kind-bar")}
            style={{ left: `${left}%`, width: `${Math.max(0, right - left)}%` }}
          >
            {ttft === undefined || isError ? null : (
              <span title="to the first token" className="absolute inset-y-0 left-0 bg-surface/45" style={{ width: `${ttft * 100}%` }} />
            )}
          </span>
          <span
            className={clsx(
              "num absolute top-1.5 px-1.5 text-2xs whitespace-nowrap",
              labelAt === "inside" ? (isError ? "text-surface" : "text-on-bar") : "text-ink-3",
            )}
            style={labelAt === "right" ? { left: `${right}%` } : labelAt === "left" ? { right: `${100 - left}%` } : { right: `${100 - right}%` }}
          >
            {formatDuration(span.duration_ms)}
          </span>
        </>
      )}
    </div>
  );
}

/** Round times need no decimals: `2 s`, `500 ms`, `1 h 30 m`. */
function tickLabel(ms: number): string {
  return formatDuration(ms)
    .replace(/\.0+(?= )/, "")
    .replace(/ 00 [sm]$/, "");
}

function Ruler({ from, to, isNarrow }: { from: number; to: number; isNarrow: boolean }) {
  const ticks = rulerTicks(from, to, isNarrow ? 3 : 7);
  return (
    <div aria-hidden className="sticky top-0 z-10 flex h-6 border-b border-line bg-surface">
      <div className="w-(--tree) shrink-0" />
      <div className="relative mr-3 grow">
        {ticks.map((tick) => {
          const at = ((tick - from) / (to - from)) * 100;
          return (
            <span
              key={tick}
              className="num absolute top-1 text-2xs whitespace-nowrap text-ink-3"
              style={{ left: `${at}%`, transform: at > 94 ? "translateX(-100%)" : at < 3 ? undefined : "translateX(-50%)" }}
            >
              {tick === 0 ? "0" : tickLabel(tick)}
            </span>
          );
        })}
      </div>
    </div>
  );
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

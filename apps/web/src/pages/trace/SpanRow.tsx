import { clsx } from "clsx";
import { ChevronRight, OctagonX } from "lucide-react";
import { memo } from "react";
import { KindIcon, kindLook } from "../../components/Kind.tsx";
import { formatDuration } from "../../format/number.ts";
import type { TreeSpan } from "./span-tree.ts";

/** Rows are all of one height: that is what makes 50,000 of them cheap. */
export const ROW_HEIGHT = 28;

interface SpanRowProps {
  span: TreeSpan;
  index: number;
  top: number;
  depth: number;
  hasChildren: boolean;
  isOpen: boolean;
  hiddenCount: number;
  isSelected: boolean;
  /** Evidence of the finding that is shown. */
  isMarked: boolean;
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

/** One span: its name in the tree, its bar in the waterfall. */
export const SpanRow = memo(function SpanRow({
  span,
  index,
  top,
  depth,
  hasChildren,
  isOpen,
  hiddenCount,
  isSelected,
  isMarked,
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
      aria-label={`${kindLook(span.kind).label} ${span.name}, ${formatDuration(span.duration_ms)}${isError ? ", error" : ""}${isMarked ? ", evidence" : ""}`}
      onClick={() => onSelect(index)}
      className={clsx(
        "group absolute inset-x-0 flex cursor-pointer items-stretch",
        isSelected ? "bg-accent-soft" : isMarked ? "bg-warn-soft" : "hover:bg-hover/70",
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
        {isMarked ? <span aria-hidden title="Evidence of the finding" className="size-1.5 shrink-0 rounded-full bg-warn" /> : null}
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

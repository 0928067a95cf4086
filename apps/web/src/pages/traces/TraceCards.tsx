import { Link } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import type { TraceSummary } from "@telltale/model/api";
import { clsx } from "clsx";
import { memo, useEffect, type RefObject } from "react";
import { Cost } from "../../components/Cost.tsx";
import { StatusIcon } from "../../components/Status.tsx";
import { Time } from "../../components/Time.tsx";
import { formatCompact, formatDuration } from "../../format/number.ts";
import { FeedbackChips } from "../../components/FeedbackChips.tsx";

export interface TraceCardsProps {
  traces: readonly TraceSummary[];
  freshIds: ReadonlySet<string>;
  relativeTimes: boolean;
  hasMore: boolean;
  onMore: () => void;
  scrollRef: RefObject<HTMLDivElement | null>;
  onScrolled: (isAtTop: boolean) => void;
}

const CARD_HEIGHT = 92;

/** The list on narrow screens: what matters of a trace in three lines. */
export function TraceCards({ traces, freshIds, relativeTimes, hasMore, onMore, scrollRef, onScrolled }: TraceCardsProps) {
  const virtualizer = useVirtualizer({ count: traces.length, getScrollElement: () => scrollRef.current, estimateSize: () => CARD_HEIGHT, overscan: 8 });
  const rows = virtualizer.getVirtualItems();
  const last = rows.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && last >= traces.length - 10) onMore();
  }, [hasMore, last, traces.length, onMore]);
  return (
    <div
      ref={scrollRef}
      tabIndex={0}
      aria-label="Traces"
      role="region"
      onScroll={(event) => onScrolled(event.currentTarget.scrollTop < CARD_HEIGHT)}
      className="focus-inset relative min-h-0 grow overflow-y-auto"
    >
      <ul className="relative" style={{ height: virtualizer.getTotalSize() }}>
        {rows.map((item) => {
          const trace = traces[item.index];
          return trace === undefined ? null : (
            <TraceCard key={trace.trace_id} trace={trace} top={item.start} isFresh={freshIds.has(trace.trace_id)} relativeTimes={relativeTimes} />
          );
        })}
      </ul>
    </div>
  );
}

const TraceCard = memo(function TraceCard({
  trace,
  top,
  isFresh,
  relativeTimes,
}: {
  trace: TraceSummary;
  top: number;
  isFresh: boolean;
  relativeTimes: boolean;
}) {
  return (
    <li className={clsx("absolute inset-x-0 border-b border-line", isFresh && "fresh")} style={{ transform: `translateY(${top}px)`, height: CARD_HEIGHT }}>
      <Link
        to="/traces/$traceId"
        params={{ traceId: trace.trace_id }}
        preload={false}
        className="focus-inset flex h-full flex-col justify-center gap-1 px-3 active:bg-hover"
      >
        <span className="flex items-center gap-2">
          <StatusIcon status={trace.status} />
          <span className="min-w-0 grow truncate font-medium">{trace.name === "" ? "unnamed" : trace.name}</span>
          <Time value={trace.start_time} relative={relativeTimes} className="num shrink-0 text-xs text-ink-3" />
        </span>
        <span className="truncate text-ink-2">{trace.input_preview === "" ? "–" : trace.input_preview}</span>
        <span className="num flex items-center gap-3 overflow-hidden text-xs whitespace-nowrap text-ink-3">
          <span>{formatDuration(trace.duration_ms)}</span>
          {trace.tokens.total === null ? null : <span>{formatCompact(trace.tokens.total)} tok</span>}
          <Cost usd={trace.cost_usd} unpriced={trace.unpriced_calls} hasCalls={trace.llm_calls > 0} />
          <span className="min-w-0 truncate">{trace.models[0]}</span>
          {trace.assessments.length === 0 ? null : (
            <span className="ml-auto min-w-0 shrink-[2]">
              <FeedbackChips assessments={trace.assessments.slice(0, 1)} />
            </span>
          )}
        </span>
      </Link>
    </li>
  );
});

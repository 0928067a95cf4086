import { useNavigate } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { clsx } from "clsx";
import { type Ref, useEffect, useImperativeHandle, useRef, useState } from "react";
import type { SessionRef } from "../../api/sessions.ts";
import { FailedState, Skeleton } from "../../components/PanelState.tsx";
import { useHotkeys } from "../../shell/hotkeys.ts";
import { pagesOf, useTurns } from "./turn-pages.ts";
import { Turn } from "./Turn.tsx";

export interface ReplayHandle {
  /** Shows the turn at this place (from 0) at the top. */
  jump: (position: number) => void;
}

export interface ReplayProps {
  session: SessionRef;
  total: number;
  start: number;
  ref?: Ref<ReplayHandle>;
}

const ESTIMATED_HEIGHT = 210;
const OVERSCAN = 3;

/** The turns as one conversation. Only those in sight are there, and only their pages are read, whichever way one scrolls. */
export function Replay({ session, total, start, ref }: ReplayProps) {
  const scroll = useRef<HTMLDivElement>(null);
  const navigate = useNavigate();
  const first = Math.max(0, Math.min(total - 1, start));
  const [active, setActive] = useState(first);
  const virtualizer = useVirtualizer({
    count: total,
    getScrollElement: () => scroll.current,
    estimateSize: () => ESTIMATED_HEIGHT,
    overscan: OVERSCAN,
    initialOffset: first * ESTIMATED_HEIGHT,
    getItemKey: (index) => index,
  });
  const items = virtualizer.getVirtualItems();
  const { turns, error, retry } = useTurns(session, pagesOf(items[0]?.index ?? first, items.at(-1)?.index ?? first, total), total);
  const jump = (position: number): void => {
    const target = Math.max(0, Math.min(total - 1, position));
    setActive(target);
    virtualizer.scrollToIndex(target, { align: "start" });
    void navigate({ to: ".", search: (previous) => ({ ...previous, turn: String(target + 1) }) as never, replace: true });
  };
  useImperativeHandle(ref, () => ({ jump }));
  // Heights become known as turns arrive: hold on to the one that was asked for until it lies where it should.
  useEffect(() => {
    if (first > 0) virtualizer.scrollToIndex(first, { align: "start" });
    // oxlint-disable-next-line react/exhaustive-deps -- once, when the page opens
  }, []);
  useHotkeys({
    j: () => jump(active + 1),
    k: () => jump(active - 1),
    ArrowDown: () => jump(active + 1),
    ArrowUp: () => jump(active - 1),
    Home: () => jump(0),
    End: () => jump(total - 1),
  });
  return (
    <div
      ref={scroll}
      tabIndex={0}
      role="feed"
      aria-label="Conversation"
      aria-busy={turns.size === 0}
      className="focus-inset min-h-0 min-w-0 grow overflow-y-auto"
    >
      {error !== undefined && turns.size === 0 ? (
        <FailedState title="The turns could not be read" error={error} onRetry={retry} className="mt-[6vh]" />
      ) : (
        <div className="relative mx-auto max-w-4xl" style={{ height: virtualizer.getTotalSize() }}>
          {items.map(({ index, start: top, key }) => {
            const turn = turns.get(index);
            return (
              <article
                key={key}
                ref={virtualizer.measureElement}
                data-index={index}
                aria-posinset={index + 1}
                aria-setsize={total}
                aria-label={`Turn ${index + 1} of ${total}`}
                aria-current={index === active}
                className={clsx("absolute inset-x-0 top-0 border-b border-line/70", index === active && "shadow-[inset_2px_0_0_var(--accent)]")}
                style={{ transform: `translateY(${top}px)` }}
                onClick={() => setActive(index)}
              >
                {turn === undefined ? <Waiting isFailed={error !== undefined} onRetry={retry} /> : <Turn turn={turn} session={session} />}
              </article>
            );
          })}
        </div>
      )}
    </div>
  );
}

function Waiting({ isFailed, onRetry }: { isFailed: boolean; onRetry: () => void }) {
  return isFailed ? (
    <div className="flex items-center gap-2 px-4 text-ink-3" style={{ height: ESTIMATED_HEIGHT }}>
      This turn could not be read.
      <button type="button" onClick={onRetry} className="text-accent-ink underline">
        Try again
      </button>
    </div>
  ) : (
    <div className="flex flex-col gap-3 px-4 py-4" style={{ height: ESTIMATED_HEIGHT }}>
      <Skeleton className="h-4 w-40 opacity-60" />
      <Skeleton className="h-10 w-3/5 opacity-60" />
      <Skeleton className="h-16 w-4/5 opacity-60" />
    </div>
  );
}

import { clsx } from "clsx";
import { Pause, Play, SearchX } from "lucide-react";
import { Button, IconButton } from "../../components/Button.tsx";
import { EmptyState, PartialNote, Skeleton } from "../../components/PanelState.tsx";
import { formatCount, plural } from "../../format/number.ts";

export function MatchCount({
  count,
  isPartial,
  isPending,
  hasFailed,
  fresh,
  dropped,
}: {
  count: number | undefined;
  isPartial: boolean;
  isPending: boolean;
  hasFailed: boolean;
  fresh: number;
  dropped: number;
}) {
  if (isPending) return <Skeleton className="h-3 w-24" />;
  if (count === undefined) return <span>{hasFailed ? "" : "Not counted"}</span>;
  return (
    <>
      <span className="num" aria-live="polite">
        {isPartial ? "at least " : ""}
        <span className="font-medium text-ink-2">{plural(count, "trace")}</span>
        {fresh > 0 ? `, ${formatCount(fresh)} since` : ""}
      </span>
      {isPartial ? <PartialNote>Counting stopped at a limit</PartialNote> : null}
      {dropped > 0 ? <PartialNote>{plural(dropped, "trace")} came too fast to be shown; a reload lists them</PartialNote> : null}
    </>
  );
}

export function LiveButton({
  isLive,
  connection,
  isPaused,
  onToggle,
  onPause,
}: {
  isLive: boolean;
  connection: string;
  isPaused: boolean;
  onToggle: () => void;
  onPause: () => void;
}) {
  return (
    <div className="flex items-center gap-1">
      {isLive ? (
        <IconButton label={isPaused ? "Go on" : "Pause"} onClick={onPause}>
          {isPaused ? <Play /> : <Pause />}
        </IconButton>
      ) : null}
      <Button
        aria-pressed={isLive}
        title="Live tail (l)"
        onClick={onToggle}
        className={clsx("px-2.5!", isLive && "border-accent-line! bg-accent-soft! text-accent-ink!")}
      >
        <span aria-hidden className="relative flex size-2">
          {isLive && !isPaused && connection === "open" ? (
            <span className="absolute inset-0 animate-[ping_1.6s_ease-out_infinite] rounded-full bg-accent" />
          ) : null}
          <span className={clsx("size-2 rounded-full", isLive ? "bg-accent" : "bg-ink-faint")} />
        </span>
        {isLive ? (isPaused ? "Paused" : connection === "open" ? "Live" : "Connecting") : "Live"}
      </Button>
    </div>
  );
}

export function NothingMatches({ hasFilter, onClear, onWiden }: { hasFilter: boolean; onClear: () => void; onWiden: () => void }) {
  return (
    <EmptyState
      icon={<SearchX />}
      title={hasFilter ? "No trace matches" : "No traces in this window"}
      className="mt-[6vh]"
      action={
        <>
          {hasFilter ? (
            <Button size="sm" onClick={onClear}>
              Clear the filter
            </Button>
          ) : null}
          <Button size="sm" onClick={onWiden}>
            Look at all time
          </Button>
        </>
      }
    >
      {hasFilter ? "The filter or the window of time leaves nothing over." : "There are traces outside of it."}
    </EmptyState>
  );
}

export function ProgressLine() {
  return (
    <div aria-hidden className="absolute inset-x-0 top-0 z-20 h-0.5 overflow-hidden">
      <div className="h-full w-1/3 animate-[indeterminate_1.2s_ease-in-out_infinite] rounded-full bg-accent" />
    </div>
  );
}

export function ListSkeleton() {
  return (
    <div role="status" aria-label="Loading traces" className="flex flex-col">
      {Array.from({ length: 16 }, (_, index) => (
        <div key={index} className="flex h-[38px] items-center gap-4 border-b border-line/60 px-3" style={{ opacity: 1 - index / 18 }}>
          <Skeleton className="size-4 rounded-full!" />
          <Skeleton className="h-3.5 w-40" />
          <Skeleton className="h-3.5 grow" />
          <Skeleton className="h-3.5 w-16 max-md:hidden" />
          <Skeleton className="h-3.5 w-24 max-md:hidden" />
        </div>
      ))}
    </div>
  );
}

import { CircleAlert } from "lucide-react";
import { useEffect, useState } from "react";
import { ApiError } from "../../api/client.ts";
import { Button } from "../../components/Button.tsx";
import { formatDuration } from "../../format/number.ts";
import { placeOf } from "./place-of.ts";

/** A query at work: how long already, and the way to end it. */
export function Running({ onCancel }: { onCancel: () => void }) {
  const [startedMs] = useState(() => performance.now());
  const [ms, setMs] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setMs(performance.now() - startedMs), 100);
    return () => clearInterval(timer);
  }, [startedMs]);
  return (
    <div className="m-auto flex flex-col items-center gap-3 text-ink-3">
      <div role="progressbar" aria-label="The query runs" className="h-1 w-48 overflow-hidden rounded-full bg-pressed">
        <div className="h-full w-1/3 rounded-full bg-accent motion-safe:animate-[indeterminate_1.2s_var(--ease)_infinite]" />
      </div>
      <span className="num">{ms < 300 ? "Running" : `Running for ${formatDuration(Math.round(ms / 100) * 100)}`}</span>
      <Button size="sm" onClick={onCancel}>
        Cancel
      </Button>
    </div>
  );
}

/** What is wrong with the query, and where. */
export function Failure({ error, query, onRetry }: { error: Error; query: string; onRetry: () => void }) {
  const column = error instanceof ApiError ? error.column : undefined;
  const isTheirs = error instanceof ApiError && error.status === 400;
  return (
    <div role="alert" className="flex min-h-0 items-start gap-2.5 overflow-y-auto px-4 py-3.5">
      <CircleAlert className="mt-0.5 size-4 shrink-0 text-error" aria-hidden />
      <div className="min-w-0">
        <p className="break-words">{error.message}</p>
        {column === undefined ? null : <p className="num mt-0.5 text-ink-3">{placeOf(query, column)}</p>}
        {isTheirs ? null : (
          <Button size="sm" className="mt-2" onClick={onRetry}>
            Try again
          </Button>
        )}
      </div>
    </div>
  );
}

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ColumnSpan } from "@telltale/model/api";
import { ArrowUpRight, ChevronRight } from "lucide-react";
import { useState } from "react";
import { ApiError } from "../../api/client.ts";
import { spanQuery, traceQuery } from "../../api/queries.ts";
import { EmptyState, FailedState, Skeleton } from "../../components/PanelState.tsx";
import { StatusIcon } from "../../components/Status.tsx";
import { Time } from "../../components/Time.tsx";
import { formatDuration, plural } from "../../format/number.ts";
import { InputOutputTab } from "../trace/InputOutputTab.tsx";

/** Steps shown of one kind; a trace can have thousands. */
const MAX_STEPS = 30;

/** What is judged: the trace's input and output, and below, folded, what it looked up and which tools it used. No verdict of anybody. */
export function ReviewSubject({ traceId }: { traceId: string }) {
  const trace = useQuery(traceQuery(traceId));
  if (trace.error instanceof ApiError && trace.error.status === 404)
    return (
      <EmptyState title="This trace is gone" className="mt-[8vh]">
        It was deleted after it came into the queue. Skip it.
      </EmptyState>
    );
  if (trace.isError) return <FailedState title="The trace could not be read" error={trace.error} onRetry={() => void trace.refetch()} />;
  if (trace.data === undefined) return <Loading />;
  const { trace: head, spans } = trace.data;
  const root = spans.find((span) => span.parent_span_id === null) ?? spans[0];
  return (
    <article aria-label="The trace" className="mx-auto flex w-full max-w-3xl flex-col px-4 py-4">
      <header className="mb-4 flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1 text-xs text-ink-3">
        <StatusIcon status={head.status} className="size-3.5!" />
        <span className="min-w-0 truncate font-medium text-ink-2">{head.name}</span>
        <Time value={head.start_time} relative={false} className="num" />
        <span className="num">{formatDuration(head.duration_ms)}</span>
        <Link
          to="/traces/$traceId"
          params={{ traceId }}
          target="_blank"
          title="The trace page shows what the scorer said"
          className="ml-auto flex shrink-0 items-center gap-0.5 rounded-sm text-ink-2 hover:text-ink hover:underline"
        >
          Open trace <ArrowUpRight className="size-3.5" aria-hidden />
        </Link>
      </header>
      {root === undefined ? <p className="text-ink-3">The trace has no spans.</p> : <SpanContent traceId={traceId} spanId={root.span_id} />}
      <Steps traceId={traceId} title="Context" spans={spans.filter((span) => span.kind === "RETRIEVER" && span !== root)} />
      <Steps traceId={traceId} title="Tools" spans={spans.filter((span) => span.kind === "TOOL" && span !== root)} />
    </article>
  );
}

function Steps({ traceId, title, spans }: { traceId: string; title: string; spans: readonly ColumnSpan[] }) {
  if (spans.length === 0) return null;
  return (
    <section aria-label={title} className="mb-4">
      <h3 className="mb-1.5 text-xs font-medium text-ink-3">{title}</h3>
      <ul className="divide-y divide-line rounded-lg border border-line bg-canvas">
        {spans.slice(0, MAX_STEPS).map((span) => (
          <Step key={span.span_id} traceId={traceId} span={span} />
        ))}
      </ul>
      {spans.length > MAX_STEPS ? <p className="mt-1 text-xs text-ink-3">{plural(spans.length - MAX_STEPS, "more step")}: open the trace.</p> : null}
    </section>
  );
}

function Step({ traceId, span }: { traceId: string; span: ColumnSpan }) {
  const [open, setOpen] = useState(false);
  return (
    <li>
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="focus-inset flex w-full items-center gap-2 rounded-lg px-3 py-2 text-left hover:bg-hover"
      >
        <ChevronRight className={open ? "size-3.5 shrink-0 rotate-90 text-ink-3" : "size-3.5 shrink-0 text-ink-3"} aria-hidden />
        <span className="min-w-0 truncate font-mono text-xs">{span.name}</span>
        {span.status === "error" ? <span className="text-xs text-error">failed</span> : null}
        <span className="num ml-auto shrink-0 text-xs text-ink-3">{formatDuration(span.duration_ms)}</span>
      </button>
      {open ? (
        <div className="px-3 pt-1">
          <SpanContent traceId={traceId} spanId={span.span_id} />
        </div>
      ) : null}
    </li>
  );
}

function SpanContent({ traceId, spanId }: { traceId: string; spanId: string }) {
  const span = useQuery(spanQuery(traceId, spanId));
  if (span.isError) return <FailedState title="The content could not be read" error={span.error} onRetry={() => void span.refetch()} />;
  return span.data === undefined ? <Loading /> : <InputOutputTab span={span.data} />;
}

function Loading() {
  return (
    <div role="status" aria-label="Loading the trace" className="mx-auto flex w-full max-w-3xl flex-col gap-3 px-4 py-4">
      <Skeleton className="h-3 w-40" />
      <Skeleton className="h-24 w-full" />
      <Skeleton className="h-36 w-full" />
    </div>
  );
}

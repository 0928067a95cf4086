import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useCallback, useMemo, useRef } from "react";
import { ApiError } from "../../api/client.ts";
import { type TraceTree, traceQuery } from "../../api/queries.ts";
import { copyText } from "../../components/CopyButton.tsx";
import { Dialog } from "../../components/Dialog.tsx";
import { EmptyState, FailedState, Skeleton } from "../../components/PanelState.tsx";
import type { TracePageSearch, TraceTab } from "../../url/page-search.ts";
import { useHotkeys } from "../../shell/hotkeys.ts";
import { useIsNarrow } from "../../shell/media.ts";
import { PageHeader } from "../../shell/PageHeader.tsx";
import { toast } from "../../components/toast.tsx";
import { DiagnosticsSection } from "./DiagnosticsSection.tsx";
import { FeedbackPanel } from "./FeedbackPanel.tsx";
import { findFinding, findingKey } from "./finding-text.ts";
import { MessagesTab } from "./MessagesTab.tsx";
import { buildSpanTree, nextError } from "./span-tree.ts";
import { SpanPane } from "./SpanPane.tsx";
import { SplitPane } from "./SplitPane.tsx";
import { Timeline, type TimelineHandle } from "./Timeline.tsx";
import { TraceHeader } from "./TraceHeader.tsx";

const AgentGraph = lazy(() => import("./AgentGraph.tsx").then((module) => ({ default: module.AgentGraph })));

/** One trace. Tab, span and pane are in the URL, so that a link shows what its sender saw. */
export function TracePage() {
  const { traceId } = useParams({ from: "/traces/$traceId" });
  const trace = useQuery(traceQuery(traceId));
  if (trace.isPending) return <TraceSkeleton />;
  if (trace.data === undefined) {
    const isMissing = trace.error instanceof ApiError && trace.error.status === 404;
    return (
      <>
        <PageHeader title="Trace" />
        {isMissing ? (
          <EmptyState title="There is no such trace" className="mt-[8vh]">
            It may have been deleted, or not have arrived yet.{" "}
            <Link to="/traces" className="text-accent-ink underline">
              Back to the traces
            </Link>
          </EmptyState>
        ) : (
          <FailedState title="The trace could not be read" error={trace.error} onRetry={() => void trace.refetch()} />
        )}
      </>
    );
  }
  return <TraceView key={traceId} detail={trace.data} />;
}

const tabs: readonly (readonly [TraceTab, string])[] = [
  ["timeline", "Timeline"],
  ["graph", "Graph"],
  ["messages", "Messages"],
  ["feedback", "Feedback"],
];

function TraceView({ detail }: { detail: TraceTree }) {
  const { trace, spans, assessments, diagnostics } = detail;
  const search: TracePageSearch = useSearch({ from: "/traces/$traceId" });
  const navigate = useNavigate();
  const isNarrow = useIsNarrow();
  const timeline = useRef<TimelineHandle>(null);
  const tree = useMemo(() => buildSpanTree(spans), [spans]);
  const tab = search.tab ?? "timeline";
  const rootIndex = trace.root_span_id === null ? 0 : (tree.indexOf.get(trace.root_span_id) ?? 0);
  const selected = search.span === undefined ? (tree.spans.length === 0 ? -1 : rootIndex) : (tree.indexOf.get(search.span) ?? rootIndex);
  const span = tree.spans[selected];
  const finding = findFinding(diagnostics, search.finding);
  const marked = useMemo(() => new Set((finding?.span_ids ?? []).flatMap((id) => tree.indexOf.get(id) ?? [])), [finding, tree]);

  const change = useCallback(
    (next: { [K in keyof TracePageSearch]?: TracePageSearch[K] | undefined }) => {
      void navigate({ to: "/traces/$traceId", params: { traceId: trace.trace_id }, search: (previous) => ({ ...previous, ...next }) as never, replace: true });
    },
    [navigate, trace.trace_id],
  );
  const select = useCallback((index: number) => change({ span: tree.spans[index]?.span_id }), [change, tree]);
  const openSpan = useCallback((spanId: string) => change({ span: spanId, tab: undefined }), [change]);
  const openAnySpan = useCallback(
    (otherTrace: string, spanId: string) =>
      otherTrace === trace.trace_id
        ? openSpan(spanId)
        : void navigate({ to: "/traces/$traceId", params: { traceId: otherTrace }, search: (previous) => ({ ...previous, span: spanId }) as never }),
    [navigate, openSpan, trace.trace_id],
  );
  useHotkeys({
    j: () => timeline.current?.move(1),
    k: () => timeline.current?.move(-1),
    ArrowDown: () => timeline.current?.move(1),
    ArrowUp: () => timeline.current?.move(-1),
    h: () => timeline.current?.fold(false),
    l: () => timeline.current?.fold(true),
    ArrowLeft: () => timeline.current?.fold(false),
    ArrowRight: () => timeline.current?.fold(true),
    "/": () => timeline.current?.focusSearch(),
    e: () => {
      const next = nextError(tree, selected);
      if (next === -1) toast("No span of this trace failed");
      else change({ span: tree.spans[next]?.span_id, tab: undefined, pane: "errors" });
    },
    y: () => void copyText(location.href).then((done) => done && toast("Link copied")),
    1: () => change({ tab: undefined }),
    2: () => change({ tab: "graph" }),
    3: () => change({ tab: "messages" }),
    4: () => change({ tab: "feedback" }),
  });

  const pane =
    span === undefined ? null : (
      <SpanPane
        projectId={trace.project_id}
        traceId={trace.trace_id}
        span={span}
        assessments={assessments}
        pane={search.pane}
        onPane={(next) => change({ pane: next })}
        onOpenSpan={openAnySpan}
      />
    );
  const view = <Timeline ref={timeline} tree={tree} selected={selected} marked={marked} onSelect={select} isNarrow={isNarrow} />;
  return (
    <>
      <TraceHeader trace={trace} tree={tree} />
      <DiagnosticsSection
        findings={diagnostics}
        chosen={finding}
        onChoose={(next) =>
          change(
            next === undefined
              ? { finding: undefined }
              : // On a narrow screen the selected span covers the tree: there the marks are shown first.
                { finding: findingKey(next), tab: undefined, pane: undefined, ...(isNarrow ? {} : { span: next.span_ids[0] }) },
          )
        }
      />
      <div role="tablist" aria-label="Views of the trace" className="flex shrink-0 gap-0.5 border-b border-line px-3">
        {tabs.map(([key, label]) => (
          <button
            key={key}
            id={`trace-tab-${key}`}
            type="button"
            role="tab"
            aria-selected={tab === key}
            aria-controls="trace-panel"
            onClick={() => change({ tab: key === "timeline" ? undefined : key })}
            className="focus-inset relative flex h-9 items-center gap-1.5 px-2.5 text-ink-3 hover:text-ink aria-selected:font-medium aria-selected:text-ink aria-selected:after:absolute aria-selected:after:inset-x-2 aria-selected:after:bottom-0 aria-selected:after:h-0.5 aria-selected:after:rounded-full aria-selected:after:bg-accent"
          >
            {label}
            {key === "feedback" && assessments.length > 0 ? (
              <span className="num rounded-full bg-hover px-1.5 text-2xs text-ink-3">{assessments.length}</span>
            ) : null}
          </button>
        ))}
      </div>
      <div id="trace-panel" role="tabpanel" aria-labelledby={`trace-tab-${tab}`} className="min-h-0 grow">
        {tab === "timeline" ? (
          isNarrow ? (
            view
          ) : (
            <SplitPane storageKey="telltale.trace.pane-width" left={view} right={pane} />
          )
        ) : tab === "graph" ? (
          <Suspense fallback={<Skeleton className="m-4 h-64" />}>
            <AgentGraph tree={tree} onOpen={(index) => openSpan(tree.spans[index]?.span_id ?? "")} />
          </Suspense>
        ) : tab === "messages" ? (
          <MessagesTab traceId={trace.trace_id} tree={tree} onOpenSpan={openSpan} />
        ) : (
          <div tabIndex={0} role="region" aria-label="Feedback" className="focus-inset h-full overflow-y-auto">
            <div className="mx-auto max-w-2xl px-4 py-4">
              <FeedbackPanel projectId={trace.project_id} traceId={trace.trace_id} assessments={assessments} onOpenSpan={openSpan} />
            </div>
          </div>
        )}
      </div>
      <Dialog
        open={isNarrow && tab === "timeline" && search.span !== undefined}
        onOpenChange={() => change({ span: undefined, pane: undefined })}
        title="Span"
        shape="sheet"
      >
        <div className="min-h-0 grow">{pane}</div>
      </Dialog>
    </>
  );
}

function TraceSkeleton() {
  return (
    <div role="status" aria-label="Loading the trace" className="flex h-full flex-col">
      <PageHeader title={<Skeleton className="h-4 w-48" />} />
      <div className="flex gap-4 border-b border-line px-4 py-4">
        {[20, 36, 24, 28].map((width) => (
          <Skeleton key={width} className="h-4" />
        ))}
        <Skeleton className="h-4 w-20" />
        <Skeleton className="h-4 w-36" />
        <Skeleton className="h-4 w-24" />
      </div>
      <div className="flex grow flex-col gap-3 p-4">
        {Array.from({ length: 12 }, (_, index) => (
          <div key={index} className="flex gap-6">
            <Skeleton className="h-4 w-56 shrink-0" />
            <div className="grow" style={{ paddingLeft: `${index * 3}%` }}>
              <Skeleton className="h-3 w-1/3" />
            </div>
          </div>
        ))}
      </div>
    </div>
  );
}

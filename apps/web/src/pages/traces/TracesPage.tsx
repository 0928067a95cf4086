import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { TraceSummary } from "@telltale/model/api";
import { clsx } from "clsx";
import { ListFilter, RefreshCw, SearchX } from "lucide-react";
import { lazy, Suspense, useCallback, useMemo, useRef, useState, type MouseEvent } from "react";
import { ApiError } from "../../api/client.ts";
import { hasTracesQuery, projectsQuery } from "../../api/queries.ts";
import { IconButton } from "../../components/Button.tsx";
import { Dialog } from "../../components/Dialog.tsx";
import { EmptyState, FailedState } from "../../components/PanelState.tsx";
import { QueryBar } from "../../components/QueryBar.tsx";
import { setChoice, type Choice } from "../../filter/clauses.ts";
import { formatCount } from "../../format/number.ts";
import { useHotkeys } from "../../shell/hotkeys.ts";
import { useIsNarrow } from "../../shell/media.ts";
import { PageHeader } from "../../shell/PageHeader.tsx";
import { useShellSearch } from "../../url/search.ts";
import { TimeRangePicker } from "../../shell/TimeRangePicker.tsx";
import { resolveRange } from "../../time/time-range.ts";
import type { TracesSearch } from "../../url/page-search.ts";
import { ViewsMenu } from "../../views/ViewsMenu.tsx";
import { FacetPanel } from "./FacetPanel.tsx";
import { ListSkeleton, LiveButton, MatchCount, NothingMatches, ProgressLine } from "./ListParts.tsx";
import { columnsText, readColumns, shownColumns, useTableLayout, type TableLayout } from "./table-layout.ts";
import { TableMenu } from "./TableMenu.tsx";
import { useLiveTail } from "./use-live-tail.ts";
import { useSelection } from "./use-selection.ts";
import { uniqueTraces, useTraceFigures, useTraceList, type TraceListSearch } from "./use-trace-list.ts";

// The rows' code comes while the list is being asked for, not before the page is there.
const tableModule = import("./TraceTable.tsx");
const TraceTable = lazy(() => tableModule.then((module) => ({ default: module.TraceTable })));
const TraceCards = lazy(() => import("./TraceCards.tsx").then((module) => ({ default: module.TraceCards })));
const BulkBar = lazy(() => import("./BulkBar.tsx").then((module) => ({ default: module.BulkBar })));
const FirstTrace = lazy(() => import("../../components/first-trace/FirstTrace.tsx").then((module) => ({ default: module.FirstTrace })));

/** The list of traces. What is shown is in the URL: filter, sort, window, project, live. */
export function TracesPage() {
  const shell = useShellSearch();
  const search: TracesSearch = useSearch({ from: "/traces" });
  const navigate = useNavigate();
  const isNarrow = useIsNarrow();
  const [kept, keepLayout] = useTableLayout();
  const layout = useMemo(() => ({ ...kept, shown: readColumns(search.cols) ?? kept.shown }), [kept, search.cols]);
  const [askedAt, setAskedAt] = useState(() => Date.now());
  const [isPaused, setPaused] = useState(false);
  const [isAtTop, setAtTop] = useState(true);
  const [facetSheet, setFacetSheet] = useState(false);
  const [active, setActive] = useState(-1);
  const queryBar = useRef<{ focus: () => void }>(null);
  const scroll = useRef<HTMLDivElement>(null);

  const filter = search.q ?? "";
  const { project, range, from, to } = shell;
  const isLive = search.live === "1" && search.sort === undefined && to === undefined;
  const asked = useMemo<TraceListSearch>(
    () => ({
      ...(project === undefined ? {} : { project_ids: [project] }),
      ...(filter === "" ? {} : { filter }),
      ...(search.sort === undefined ? {} : { order_by: [orderBy(search.sort)] }),
      ...resolveRange({ ...(range === undefined ? {} : { range }), ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }, askedAt),
    }),
    [project, filter, search.sort, range, from, to, askedAt],
  );
  const list = useTraceList(asked);
  const figures = useTraceFigures(asked);
  const tail = useLiveTail({ enabled: isLive, filter, projectId: project, isPaused: isPaused || !isAtTop });
  const traces = useMemo(() => (tail.shown.length === 0 ? list.traces : uniqueTraces([...tail.shown, ...list.traces])), [tail.shown, list.traces]);
  const freshIds = useMemo(() => new Set(tail.shown.slice(0, 100).map((trace) => trace.trace_id)), [tail.shown]);
  const selection = useSelection(traces);

  const change = useCallback(
    (next: { [K in keyof TracesSearch]?: TracesSearch[K] | undefined } & { range?: string | undefined; from?: undefined; to?: undefined }) => {
      setActive(-1);
      void navigate({ to: "/traces", search: (previous) => ({ ...previous, ...next }) as never, replace: true });
    },
    [navigate],
  );
  const changeLayout = (next: Partial<TableLayout>): void => {
    keepLayout(next);
    if (next.shown !== undefined) change({ cols: columnsText(next.shown) });
  };
  const downloadTraces = (wanted: "shown" | "all"): void => {
    void import("./download-csv.ts").then((module) => module.downloadCsv(asked, wanted === "shown" ? shownColumns(layout) : undefined));
  };
  const setFilter = useCallback((q: string) => change({ q: q === "" ? undefined : q }), [change]);
  const onChoose = useCallback((field: string, value: string, choice: Choice) => setFilter(setChoice(filter, field, value, choice)), [filter, setFilter]);
  const onSort = useCallback((key: string) => change({ sort: nextSort(search.sort, key), live: undefined }), [change, search.sort]);
  const refresh = useCallback(() => setAskedAt(Date.now()), []);
  const open = useCallback(
    (trace: TraceSummary, event?: MouseEvent) => {
      if (event !== undefined && (event.metaKey || event.ctrlKey || window.getSelection()?.isCollapsed === false)) return;
      void navigate({ to: "/traces/$traceId", params: { traceId: trace.trace_id } });
    },
    [navigate],
  );
  const { fetchNextPage, hasNextPage, isFetchingNextPage, error, isPending, isFetching, isPlaceholderData } = list.query;
  const more = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, isFetchingNextPage]);
  const valuesOf = useCallback((field: string) => figures.data?.facets?.find((facet) => facet.field === field)?.values ?? [], [figures.data]);

  const activeTrace = traces[active];
  useHotkeys({
    "/": () => queryBar.current?.focus(),
    j: () => setActive(Math.min(active + 1, traces.length - 1)),
    k: () => setActive(Math.max(active - 1, 0)),
    Enter: () => activeTrace !== undefined && open(activeTrace),
    o: () => activeTrace !== undefined && open(activeTrace),
    x: () => activeTrace !== undefined && selection.toggle(activeTrace.trace_id, false),
    Escape: () => selection.clear(),
    r: refresh,
    l: () => change({ live: isLive ? undefined : "1", sort: undefined }),
    f: () => (isNarrow ? setFacetSheet(true) : changeLayout({ facets: !layout.facets })),
  });

  const isEmpty = !isPending && error === null && traces.length === 0 && !isPlaceholderData;
  const hasTraces = useQuery({ ...hasTracesQuery(project === undefined ? undefined : [project]), enabled: isEmpty });
  // Once the first minute is shown it stays until its reader moves on, so that the arrival is seen.
  const waitingKey = project ?? "all";
  const [waitingFor, setWaitingFor] = useState<string | undefined>();
  if (isEmpty && hasTraces.data === false && waitingFor !== waitingKey) setWaitingFor(waitingKey);
  const isWaiting = waitingFor === waitingKey;
  const projects = useQuery(projectsQuery);
  const facetPanel = (
    <FacetPanel
      facets={figures.data?.facets}
      isPartial={figures.data?.partial === true}
      error={filterError(figures.error) === undefined ? figures.error : null}
      onRetry={() => void figures.refetch()}
      filter={filter}
      onChoose={onChoose}
    />
  );

  if (isWaiting || (isEmpty && hasTraces.isPending)) {
    return (
      <>
        <PageHeader title="Traces" />
        <Suspense>
          {isWaiting ? (
            <FirstTrace
              projectName={projects.data?.find((entry) => entry.id === project)?.name}
              hasArrived={hasTraces.data === true || traces.length > 0}
              onShow={() => {
                setWaitingFor(undefined);
                refresh();
                change({ range: "all", from: undefined, to: undefined, q: undefined });
              }}
            />
          ) : null}
        </Suspense>
      </>
    );
  }
  return (
    <>
      <PageHeader title="Traces">
        <ViewsMenu page="traces" shown={{ cols: columnsText(layout.shown) }} />
        <LiveButton
          isLive={isLive}
          connection={tail.connection}
          isPaused={isPaused}
          onPause={() => setPaused(!isPaused)}
          onToggle={() => {
            setPaused(false);
            change({ live: isLive ? undefined : "1", sort: undefined });
          }}
        />
        <TimeRangePicker />
      </PageHeader>
      <div className="flex shrink-0 items-start gap-2 border-b border-line px-4 py-2 max-md:px-3">
        <QueryBar ref={queryBar} value={filter} onSubmit={setFilter} valuesOf={valuesOf} error={filterError(error)} />
        <IconButton
          label="Filters (f)"
          aria-pressed={isNarrow ? facetSheet : layout.facets}
          onClick={() => (isNarrow ? setFacetSheet(true) : changeLayout({ facets: !layout.facets }))}
        >
          <ListFilter />
        </IconButton>
        {isNarrow ? null : <TableMenu layout={layout} onChange={changeLayout} onDownload={downloadTraces} />}
      </div>
      <div className="flex min-h-0 grow">
        {!isNarrow && layout.facets ? (
          <aside aria-label="Filters" className="w-[200px] shrink-0 overflow-y-auto border-r border-line" tabIndex={-1}>
            {facetPanel}
          </aside>
        ) : null}
        <section aria-label="List" className="relative flex min-w-0 grow flex-col">
          {isFetching && !isFetchingNextPage ? <ProgressLine /> : null}
          <div className="flex h-8 shrink-0 items-center gap-2 border-b border-line px-3 text-xs text-ink-3">
            <MatchCount
              count={figures.data?.count}
              isPartial={figures.data?.partial === true}
              isPending={figures.isPending}
              hasFailed={figures.isError}
              fresh={tail.shown.length}
              dropped={tail.dropped}
            />
            {isLive ? null : (
              <IconButton label="Look for newer traces (r)" size="sm" className="ml-auto" onClick={refresh}>
                <RefreshCw className={clsx(isFetching && "animate-spin")} />
              </IconButton>
            )}
          </div>
          {tail.waiting.length > 0 ? (
            <button
              type="button"
              onClick={() => {
                tail.showWaiting();
                scroll.current?.scrollTo({ top: 0 });
              }}
              className="pop absolute top-18 left-1/2 z-20 -translate-x-1/2 rounded-full bg-accent px-3 py-1 text-xs font-medium text-on-accent shadow-md hover:bg-accent-hover"
            >
              {formatCount(tail.waiting.length)} new
            </button>
          ) : null}
          {error !== null && (traces.length === 0 || isPlaceholderData) ? (
            filterError(error) === undefined ? (
              <FailedState title="The traces could not be read" error={error} onRetry={() => void list.query.refetch()} />
            ) : (
              <EmptyState icon={<SearchX />} title="The filter is not understood">
                The line above says where.
              </EmptyState>
            )
          ) : isPending ? (
            <ListSkeleton />
          ) : isEmpty ? (
            <NothingMatches hasFilter={filter !== ""} onClear={() => setFilter("")} onWiden={() => change({ range: "all", from: undefined, to: undefined })} />
          ) : isNarrow ? (
            <Suspense fallback={<ListSkeleton />}>
              <TraceCards
                traces={traces}
                freshIds={freshIds}
                relativeTimes={layout.relativeTimes}
                hasMore={hasNextPage}
                onMore={more}
                scrollRef={scroll}
                onScrolled={setAtTop}
              />
            </Suspense>
          ) : (
            <div className={clsx("flex min-h-0 grow flex-col transition-opacity", isPlaceholderData && "opacity-60")}>
              <Suspense fallback={<ListSkeleton />}>
                <TraceTable
                  traces={traces}
                  freshIds={freshIds}
                  columns={shownColumns(layout)}
                  layout={layout}
                  onResize={(id, width) => changeLayout({ widths: width === 0 ? without(layout.widths, id) : { ...layout.widths, [id]: width } })}
                  sort={search.sort}
                  onSort={onSort}
                  selected={selection.selected}
                  onSelect={selection.toggle}
                  onSelectAll={selection.toggleAll}
                  activeIndex={active}
                  onOpen={open}
                  hasMore={hasNextPage}
                  onMore={more}
                  scrollRef={scroll}
                  onScrolled={setAtTop}
                />
              </Suspense>
            </div>
          )}
          <Suspense>
            {selection.selected.size > 0 ? (
              <BulkBar
                traces={traces.filter((trace) => selection.selected.has(trace.trace_id))}
                onClear={selection.clear}
                onChanged={() => {
                  selection.clear();
                  refresh();
                }}
              />
            ) : null}
          </Suspense>
        </section>
      </div>
      <Dialog open={isNarrow && facetSheet} onOpenChange={setFacetSheet} title="Filters" shape="sheet">
        <div className="min-h-0 grow overflow-y-auto">{facetPanel}</div>
      </Dialog>
    </>
  );
}

/** `-duration` → `duration DESC`, with the start as the tie-break the store adds itself. */
function orderBy(sort: string): string {
  return sort.startsWith("-") ? `${sort.slice(1)} DESC` : `${sort} ASC`;
}

/** Largest first, then smallest first, then back to newest first. Names start at A. */
function nextSort(current: string | undefined, key: string): string | undefined {
  const order = key === "name" ? [key, `-${key}`] : [`-${key}`, key];
  const at = order.indexOf(current ?? (key === "timestamp_ms" ? "-timestamp_ms" : ""));
  const next = order[at + 1];
  return next === "-timestamp_ms" ? undefined : next;
}

function without(widths: Record<string, number>, id: string): Record<string, number> {
  return Object.fromEntries(Object.entries(widths).filter(([key]) => key !== id));
}

function filterError(error: Error | null): { message: string; column: number | undefined } | undefined {
  return error instanceof ApiError && error.status === 400 && error.code !== "cursor_invalid" ? { message: error.message, column: error.column } : undefined;
}

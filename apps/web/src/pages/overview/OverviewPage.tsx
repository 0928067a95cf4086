import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { History, SearchX } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { hasTracesQuery, projectsQuery, serverQuery } from "../../api/queries.ts";
import { Button } from "../../components/Button.tsx";
import { EmptyState, Skeleton } from "../../components/PanelState.tsx";
import { filterProblem } from "../../shell/filter-problem.ts";
import { PageHeader } from "../../shell/PageHeader.tsx";
import { TimeRangePicker } from "../../shell/TimeRangePicker.tsx";
import { ViewsMenu } from "../../views/ViewsMenu.tsx";
import { useScope, type Scope } from "../../url/scope.ts";
import { HealthStrip } from "./HealthStrip.tsx";
import { useRequests } from "./use-requests.ts";

// The figures come first; what one types into, and what lies below, is loaded beside them.
const FilterBar = lazy(() => import("../../shell/FilterBar.tsx").then((module) => ({ default: module.FilterBar })));
const panels = import("./Panels.tsx");
const Panels = lazy(() => panels.then((module) => ({ default: module.Panels })));
const FirstTrace = lazy(() => import("../../components/first-trace/FirstTrace.tsx").then((module) => ({ default: module.FirstTrace })));

/** The page an on-call engineer keeps open: how it goes, what changed, and one click to the traces behind every figure. */
export function OverviewPage() {
  const scope = useScope();
  const navigate = useNavigate();
  const requests = useRequests(scope.now, scope.interval);
  const isEmpty = requests.total?.n === 0 && !requests.query.isPlaceholderData && scope.filter === "";
  const hasTraces = useQuery({ ...hasTracesQuery(scope.project === undefined ? undefined : [scope.project]), enabled: isEmpty });
  // Once the first minute is shown it stays until its reader moves on, so that the arrival is seen.
  const waitingKey = scope.project ?? "all";
  const [waitingFor, setWaitingFor] = useState<string | undefined>();
  if (isEmpty && hasTraces.data === false && waitingFor !== waitingKey) setWaitingFor(waitingKey);
  const isWaiting = waitingFor === waitingKey;
  const projects = useQuery(projectsQuery);
  const server = useQuery(serverQuery);
  const change = (next: object): void => void navigate({ to: ".", search: (previous) => ({ ...previous, ...next }) as never, replace: true });

  if (isWaiting) {
    return (
      <>
        <PageHeader title="Overview" />
        <Suspense>
          <FirstTrace
            projectName={projects.data?.find((entry) => entry.id === scope.project)?.name}
            hasArrived={hasTraces.data === true}
            onShow={() => {
              setWaitingFor(undefined);
              void requests.query.refetch();
              // One trace is looked at; thousands are looked over.
              if (server.data?.demo.state !== "present") void navigate({ to: "/traces", search: { range: "all" } as never });
            }}
          />
        </Suspense>
      </>
    );
  }
  return (
    <>
      <PageHeader title="Overview">
        <ViewsMenu page="overview" />
        <Button
          aria-pressed={scope.isCompared}
          title="Draw the period before into the charts"
          className="px-2.5! aria-pressed:border-accent-line! aria-pressed:bg-accent-soft! aria-pressed:text-accent-ink!"
          onClick={() => change({ compare: scope.isCompared ? undefined : "1" })}
        >
          <History className="text-ink-3" />
          <span className="max-sm:sr-only">Compare</span>
        </Button>
        <TimeRangePicker />
      </PageHeader>
      <div className="flex shrink-0 items-start gap-2 border-b border-line px-4 py-2 max-md:px-3">
        <Suspense fallback={<div className="h-8 grow rounded-md border border-line-strong shadow-sm" />}>
          <FilterBar scope={scope} error={requests.query.error} />
        </Suspense>
      </div>
      <div tabIndex={0} role="region" aria-label="Figures" className="focus-inset min-h-0 grow overflow-y-auto">
        {filterProblem(requests.query.error) !== undefined ? (
          <EmptyState icon={<SearchX />} title="The filter is not understood" className="mt-[6vh]">
            The line above says where.
          </EmptyState>
        ) : isEmpty && hasTraces.data === true ? (
          <NothingHere onWiden={() => change({ range: "all", from: undefined, to: undefined })} />
        ) : (
          <Figures scope={scope} />
        )}
      </div>
    </>
  );
}

function Figures({ scope }: { scope: Scope }) {
  return (
    <>
      <HealthStrip scope={scope} />
      <Suspense fallback={<Skeleton className="m-4 h-[70vh] opacity-60" />}>
        <Panels scope={scope} />
      </Suspense>
    </>
  );
}

function NothingHere({ onWiden }: { onWiden: () => void }) {
  return (
    <EmptyState
      title="No traces in this window"
      className="mt-[6vh]"
      action={
        <Button size="sm" onClick={onWiden}>
          Look at all time
        </Button>
      }
    >
      There are traces outside of it.
    </EmptyState>
  );
}

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { SloOut, SloStatusOut } from "@telltale/model/api";
import { Plus, Target } from "lucide-react";
import { useState } from "react";
import { projectsQuery } from "../../api/queries.ts";
import { slosQuery, sloStatusQuery } from "../../api/slos.ts";
import { Button } from "../../components/Button.tsx";
import { EmptyState, FailedState, Skeleton } from "../../components/PanelState.tsx";
import { formatCount } from "../../format/number.ts";
import { PageHeader } from "../../shell/PageHeader.tsx";
import { useShellSearch } from "../../url/search.ts";
import { BudgetBar } from "./BudgetBar.tsx";
import { SloDialog } from "./SloDialog.tsx";
import { SloState } from "./SloState.tsx";
import { emptyReason, formatRate, formatShare, objectiveText } from "./slo-text.ts";

/** What was promised, and how it stands. Each objective is measured on its own: one that fails leaves the others. */
export function SlosPage() {
  const { project } = useShellSearch();
  const slos = useQuery(slosQuery(project));
  const [isNew, setNew] = useState(false);
  const create = (
    <Button variant="primary" onClick={() => setNew(true)}>
      <Plus /> New SLO
    </Button>
  );
  return (
    <>
      <PageHeader title="SLOs">{create}</PageHeader>
      <div tabIndex={0} role="region" aria-label="Service level objectives" className="focus-inset min-h-0 grow overflow-y-auto">
        {slos.data === undefined ? (
          slos.isError ? (
            <FailedState title="The objectives could not be read" error={slos.error} onRetry={() => void slos.refetch()} className="mt-[10vh]" />
          ) : (
            <Loading />
          )
        ) : slos.data.length === 0 ? (
          <EmptyState icon={<Target />} title="Nothing is promised yet" className="mt-[10vh]" action={create}>
            An objective says what share of your traces is fast enough, or does not fail, and watches how much may still go wrong before it is broken.{" "}
            <Link to="/docs/$slug" params={{ slug: "slos" }} className="text-accent-ink underline">
              How it works
            </Link>
          </EmptyState>
        ) : (
          <SloList slos={slos.data} />
        )}
      </div>
      {isNew ? <SloDialog onClose={() => setNew(false)} /> : null}
    </>
  );
}

const columns = "lg:grid-cols-[minmax(14rem,2fr)_9rem_minmax(10rem,1fr)_6.5rem_12rem_6rem]";

function SloList({ slos }: { slos: readonly SloOut[] }) {
  return (
    <div className="text-sm">
      <div aria-hidden className={`hidden gap-x-5 border-b border-line px-4 py-1.5 text-xs text-ink-3 lg:grid ${columns}`}>
        <span>Objective</span>
        <span>State</span>
        <span className="flex justify-between">
          Error budget <span>left</span>
        </span>
        <span className="text-right">Attained</span>
        <span className="grid grid-cols-3 text-right">
          <span>Burn 1 h</span>
          <span>6 h</span>
          <span>3 d</span>
        </span>
        <span className="text-right">Traces</span>
      </div>
      <ul>
        {slos.map((slo) => (
          <SloRow key={slo.id} slo={slo} />
        ))}
      </ul>
    </div>
  );
}

function SloRow({ slo }: { slo: SloOut }) {
  const status = useQuery(sloStatusQuery(slo));
  const projects = useQuery(projectsQuery);
  const { project } = useShellSearch();
  const place = slo.project_id === null ? "All projects" : projects.data?.find(({ id }) => id === slo.project_id)?.name;
  return (
    <li className="border-b border-line">
      <Link
        to="/slos/$sloId"
        params={{ sloId: slo.id }}
        className={`focus-inset grid items-center gap-x-5 gap-y-1.5 px-4 py-2.5 transition-colors hover:bg-hover max-lg:grid-cols-2 ${columns}`}
      >
        <span className="min-w-0 max-lg:col-span-2">
          <span className="block truncate font-medium">{slo.name}</span>
          <span className="block truncate text-xs text-ink-3">
            {objectiveText(slo)} · {slo.window_days} days
            {project === undefined && place !== undefined ? ` · ${place}` : ""}
          </span>
        </span>
        {status.data !== undefined ? (
          <StatusCells status={status.data} />
        ) : status.isError ? (
          <span role="alert" className="truncate text-xs text-error max-lg:col-span-2 lg:col-span-5" title={status.error.message}>
            Could not be measured: {status.error.message}
          </span>
        ) : (
          <span role="status" aria-label="Measuring" className="max-lg:col-span-2 lg:col-span-5">
            <Skeleton className="h-4 w-full opacity-60" />
          </span>
        )}
      </Link>
    </li>
  );
}

function StatusCells({ status }: { status: SloStatusOut }) {
  const rateOf = (name: string): number | null => status.burn_rates.find(({ window }) => window === name)?.rate ?? null;
  return (
    <>
      <SloState state={status.state} />
      {status.state === "no_data" ? (
        <span className="text-xs text-ink-3 max-lg:text-right lg:col-span-4">{emptyReason(status)}</span>
      ) : (
        <>
          <BudgetBar remaining={status.budget.remaining} />
          <Labelled label="attained">{status.attained === null ? "–" : formatShare(status.attained)}</Labelled>
          <span className="num grid grid-cols-3 text-right max-lg:hidden">
            {(["1h", "6h", "3d"] as const).map((window) => {
              const rate = rateOf(window);
              return (
                <span key={window} className={rate !== null && rate > 1 ? "text-warn" : "text-ink-2"}>
                  {rate === null ? "–" : formatRate(rate)}
                </span>
              );
            })}
          </span>
          <Labelled label="traces">{formatCount(status.total)}</Labelled>
        </>
      )}
    </>
  );
}

/** Where there is no header, the figure says what it is. */
function Labelled({ label, children }: { label: string; children: string }) {
  return (
    <span className="num text-right text-ink-2 max-lg:text-left max-lg:text-xs max-lg:last:text-right">
      {children} <span className="text-ink-3 lg:sr-only">{label}</span>
    </span>
  );
}

function Loading() {
  return (
    <div role="status" aria-label="Loading" className="flex flex-col gap-4 p-4">
      {[0, 1, 2].map((row) => (
        <Skeleton key={row} className="h-9 w-full opacity-60" />
      ))}
    </div>
  );
}

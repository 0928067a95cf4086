import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import type { SloOut, SloStatusOut } from "@telltale/model/api";
import { ArrowLeft, ListTree, MoreHorizontal, Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { deleteSlo, sloQuery, slosQuery, sloStatusQuery } from "../../api/slos.ts";
import { Button, IconButton } from "../../components/Button.tsx";
import { DeleteDialog } from "../../components/DeleteDialog.tsx";
import { Menu, MenuItem } from "../../components/Menu.tsx";
import { FailedState, Skeleton } from "../../components/PanelState.tsx";
import { StatStrip, StatTile } from "../../components/StatTile.tsx";
import { toast, toastError } from "../../components/toast.tsx";
import { formatCount, plural } from "../../format/number.ts";
import { PageHeader } from "../../shell/PageHeader.tsx";
import { formatMoment } from "../../time/instant.ts";
import { useNow } from "../../time/clock.ts";
import { useZone } from "../../url/search.ts";
import { BurnRates } from "./BurnRates.tsx";
import { BudgetCharts } from "./BudgetCharts.tsx";
import { SloDialog } from "./SloDialog.tsx";
import { badTracesLink } from "./slo-links.ts";
import { SloState } from "./SloState.tsx";
import { emptyReason, formatBudget, formatShare, objectiveText } from "./slo-text.ts";
import { WorstHours } from "./WorstHours.tsx";

/** One objective: what is left, how it went, how fast it goes, and which traces did it. */
export function SloPage() {
  const { sloId } = useParams({ from: "/slos/$sloId" });
  const slo = useQuery(sloQuery(sloId));
  const status = useQuery({ ...sloStatusQuery(slo.data ?? { id: sloId, updated_at: "" }), enabled: slo.data !== undefined });
  return (
    <>
      <PageHeader
        title={slo.data?.name ?? "SLO"}
        before={
          <Link
            to="/slos"
            aria-label="All SLOs"
            title="All SLOs"
            className="focus-inset flex size-8 items-center justify-center rounded-md text-ink-2 hover:bg-hover"
          >
            <ArrowLeft className="size-4" />
          </Link>
        }
      >
        {slo.data === undefined ? null : <SloMenu slo={slo.data} />}
      </PageHeader>
      <div tabIndex={0} role="region" aria-label="Objective" className="focus-inset min-h-0 grow overflow-y-auto">
        {slo.data === undefined ? (
          slo.isError ? (
            <FailedState title="This objective could not be read" error={slo.error} onRetry={() => void slo.refetch()} className="mt-[10vh]" />
          ) : (
            <div role="status" aria-label="Loading" className="p-4">
              <Skeleton className="h-24 w-full opacity-60" />
            </div>
          )
        ) : (
          <Body slo={slo.data} status={status} />
        )}
      </div>
    </>
  );
}

function Body({ slo, status }: { slo: SloOut; status: ReturnType<typeof useQuery<SloStatusOut>> }) {
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b border-line px-4 py-2.5">
        {status.data === undefined ? null : <SloState state={status.data.state} className="font-medium" />}
        <span className="text-ink-2">
          {objectiveText(slo)}, over {slo.window_days} days
        </span>
        {slo.filter === "" ? null : <code className="min-w-0 rounded-sm bg-sunken px-1.5 py-0.5 font-mono text-xs break-all text-ink-2">{slo.filter}</code>}
        {slo.description === "" ? null : <span className="basis-full text-xs text-ink-3">{slo.description}</span>}
      </div>
      {status.data === undefined && status.isError ? (
        <FailedState title="The objective could not be measured" error={status.error} onRetry={() => void status.refetch()} />
      ) : (
        <Tiles slo={slo} status={status.data} />
      )}
      {status.isError && status.data === undefined ? null : (
        <>
          <BudgetCharts slo={slo} query={status} />
          <div className="grid border-y border-line lg:grid-cols-2">
            <BurnRates query={status} className="max-lg:border-b max-lg:border-line lg:border-r lg:border-line" />
            <WorstHours slo={slo} query={status} />
          </div>
        </>
      )}
    </>
  );
}

function Tiles({ slo, status }: { slo: SloOut; status: SloStatusOut | undefined }) {
  const zone = useZone();
  const now = useNow();
  const isPending = status === undefined;
  const link = status === undefined || status.bad === 0 ? undefined : badTracesLink(slo, status);
  return (
    <StatStrip label="State" isPlain>
      <StatTile
        label="Error budget left"
        isPending={isPending}
        value={status?.budget.remaining === null || status === undefined ? "–" : formatBudget(status.budget.remaining)}
        detail={
          status?.budget.allowed === null || status === undefined ? undefined : `${formatCount(status.bad)} of ${formatCount(status.budget.allowed)} used`
        }
        n={status === undefined ? undefined : status.total === 0 ? emptyReason(status) : plural(status.total, "trace")}
      />
      <StatTile
        label="Attained"
        isPending={isPending}
        value={status?.attained === null || status === undefined ? "–" : formatShare(status.attained)}
        n={`promised ${formatShare(slo.target, 3)}`}
      />
      <StatTile label="Bad traces" isPending={isPending} value={formatCount(status?.bad ?? 0)} link={link} n={link === undefined ? undefined : "open them"} />
      <StatTile
        label="Not counted"
        isPending={isPending}
        value={formatCount(status?.excluded ?? 0)}
        n={slo.indicator.kind === "ttft" ? "no first token known" : "still running"}
      />
      <StatTile
        label="At this pace"
        isPending={isPending}
        value={status === undefined ? "–" : projectionText(status, (text) => formatMoment(text, zone, now).replace(/:\d\d\.\d+$/, ""))}
        n={status?.projection.kind === "runs_out" ? "the budget is used up" : "as in the last 6 h"}
      />
    </StatStrip>
  );
}

function projectionText({ projection }: SloStatusOut, format: (text: string) => string): string {
  switch (projection.kind) {
    case "no_data":
      return "–";
    case "exhausted":
      return "used up";
    case "lasts":
      return "lasts";
    case "runs_out":
      return projection.exhausted_at === null ? "–" : format(projection.exhausted_at);
  }
}

function SloMenu({ slo }: { slo: SloOut }) {
  const [open, setOpen] = useState<"edit" | "delete" | undefined>();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => deleteSlo(slo.id),
    onSuccess: async () => {
      await navigate({ to: "/slos" });
      queries.removeQueries({ queryKey: ["slo", slo.id] });
      await queries.invalidateQueries({ queryKey: slosQuery().queryKey.slice(0, 1) });
      toast(`${slo.name} is deleted`);
    },
    onError: toastError,
  });
  const status = useQuery(sloStatusQuery(slo)).data;
  return (
    <>
      {status === undefined || status.bad === 0 ? null : (
        <Link
          {...badTracesLink(slo, status)}
          className="focus-inset flex h-8 items-center gap-1.5 rounded-md border border-line-strong bg-surface px-3 font-medium shadow-sm hover:bg-hover max-sm:hidden"
        >
          <ListTree className="size-4" aria-hidden /> Bad traces
        </Link>
      )}
      <Button onClick={() => setOpen("edit")}>
        <Pencil /> Edit
      </Button>
      <Menu
        label="More"
        trigger={
          <IconButton label="More">
            <MoreHorizontal />
          </IconButton>
        }
      >
        <MenuItem icon={Trash2} danger onSelect={() => setOpen("delete")}>
          Delete
        </MenuItem>
      </Menu>
      {open === "edit" ? <SloDialog slo={slo} onClose={() => setOpen(undefined)} /> : null}
      <DeleteDialog
        open={open === "delete"}
        name={slo.name}
        consequence="Its traces stay; what it says of them is gone."
        isPending={remove.isPending}
        onDelete={remove.mutate}
        onClose={() => setOpen(undefined)}
      />
    </>
  );
}

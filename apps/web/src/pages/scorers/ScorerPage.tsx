import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import type { ScorerHealth, ScorerOut } from "@telltale/model/api";
import { ArrowLeft, CirclePlay, CircleStop, History, ListTree, MoreHorizontal, Settings2, Trash2, TriangleAlert } from "lucide-react";
import { type ReactNode, useState } from "react";
import { ApiError } from "../../api/client.ts";
import { scorerHealthQuery, scorerQuery } from "../../api/scorers.ts";
import { Button, IconButton } from "../../components/Button.tsx";
import { Menu, MenuItem, MenuLink } from "../../components/Menu.tsx";
import { EmptyState, FailedState, Skeleton } from "../../components/PanelState.tsx";
import { StatStrip, StatTile } from "../../components/StatTile.tsx";
import { groupFilter } from "../../filter/group-clause.ts";
import { formatShare } from "../../format/metric.ts";
import { modelName } from "../../format/model-name.ts";
import { formatCount, formatDuration, formatUsd } from "../../format/number.ts";
import { PageHeader } from "../../shell/PageHeader.tsx";
import { TimeRangePicker } from "../../shell/TimeRangePicker.tsx";
import { useScope } from "../../url/scope.ts";
import { useShellSearch } from "../../url/search.ts";
import { tracesLink } from "../../url/traces-link.ts";
import { AgreementPanel } from "./AgreementPanel.tsx";
import { AlignmentPanel } from "./AlignmentPanel.tsx";
import { AnchorsPanel } from "./AnchorsPanel.tsx";
import { BackfillDialog } from "./BackfillDialog.tsx";
import { DeleteScorerDialog } from "./DeleteScorerDialog.tsx";
import { RatePanel } from "./RatePanel.tsx";
import { ReasonsPanel } from "./ReasonsPanel.tsx";
import { RunDialog } from "./RunDialog.tsx";
import { coverageText, kindText, stateReason, troubleText } from "./scorer-text.ts";
import { ScoresPanel } from "./ScoresPanel.tsx";
import { ScoringProgress } from "./ScoringProgress.tsx";
import { ScorecardsOf } from "./Scorecards.tsx";
import { ScorerState } from "./ScorerState.tsx";
import { useFreshFigures } from "./use-fresh-figures.ts";
import { useScorerSwitch } from "./use-scorer-actions.ts";

/** One scorer: whether it keeps up, what it says, and how far that can be trusted. */
export function ScorerPage() {
  const { name } = useParams({ from: "/scorers/$name" });
  const { project = "0" } = useShellSearch();
  const scorer = useQuery(scorerQuery({ name, project_id: project }));
  const isMissing = scorer.error instanceof ApiError && scorer.error.status === 404;
  return (
    <>
      <PageHeader
        title={name}
        before={
          <Link
            to="/scorers"
            aria-label="All scorers"
            title="All scorers"
            className="focus-inset flex size-8 items-center justify-center rounded-md text-ink-2 hover:bg-hover"
          >
            <ArrowLeft className="size-4" />
          </Link>
        }
      >
        {scorer.data === undefined ? null : <Actions scorer={scorer.data} />}
        <TimeRangePicker />
      </PageHeader>
      <div tabIndex={0} role="region" aria-label="Scorer" className="focus-inset min-h-0 grow overflow-y-auto">
        {scorer.data !== undefined ? (
          <Body key={scorer.data.id} scorer={scorer.data} />
        ) : isMissing ? (
          <EmptyState title="There is no such scorer in this project" className="mt-[10vh]">
            It may have been deleted, or belong to another project.{" "}
            <Link to="/scorers" className="text-accent-ink underline">
              All scorers
            </Link>
          </EmptyState>
        ) : scorer.isError ? (
          <FailedState title="This scorer could not be read" error={scorer.error} onRetry={() => void scorer.refetch()} className="mt-[10vh]" />
        ) : (
          <div role="status" aria-label="Loading" className="p-4">
            <Skeleton className="h-24 w-full opacity-60" />
          </div>
        )}
      </div>
    </>
  );
}

function Body({ scorer }: { scorer: ScorerOut }) {
  const scope = useScope();
  const health = useQuery(scorerHealthQuery(scorer, scope.window));
  useFreshFigures(health.data?.scored);
  return (
    <>
      <Facts scorer={scorer} health={health.data} />
      <ScoringProgress health={health.data} />
      <HealthTiles scorer={scorer} query={health} />
      <div className="grid grid-cols-1 *:border-b *:border-line lg:grid-cols-2 lg:*:odd:border-r">
        <RatePanel scorer={scorer} scope={scope} />
        <AgreementPanel scorer={scorer} window={scope.window} />
        {scorer.uses_model && scorer.state !== "cannot_run" ? <AlignmentPanel scorer={scorer} window={scope.window} /> : null}
        {scorer.uses_model && scorer.state !== "cannot_run" ? <AnchorsPanel scorer={scorer} /> : null}
        <ScoresPanel scorer={scorer} scope={scope} />
        <ReasonsPanel query={health} isStopped={scorer.state === "stopped"} />
      </div>
    </>
  );
}

function Facts({ scorer, health }: { scorer: ScorerOut; health: ScorerHealth | undefined }) {
  const trouble = health === undefined ? undefined : troubleText(health);
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b border-line px-4 py-2.5">
      <ScorerState scorer={scorer} className="font-medium" />
      <span className="text-ink-2">{kindText(scorer)}</span>
      <span className="num text-ink-3">version {scorer.version}</span>
      {scorer.uses_model ? (
        <span className="text-ink-2" title={scorer.model ?? undefined}>
          {scorer.model === null ? "default provider" : modelName(scorer.model)}
        </span>
      ) : null}
      {scorer.sample_rate > 0 ? <span className="num text-ink-2">{formatShare(scorer.sample_rate)} of the traces</span> : null}
      {scorer.filter === null ? null : (
        <code className="min-w-0 rounded-sm bg-sunken px-1.5 py-0.5 font-mono text-xs break-all text-ink-2">{scorer.filter}</code>
      )}
      {scorer.daily_budget_usd === null ? null : <span className="num text-ink-2">{formatUsd(scorer.daily_budget_usd)} a day</span>}
      <span className="basis-full text-xs text-ink-3">{scorer.summary}</span>
      {scorer.class === null ? null : <ScorecardsOf className={scorer.class} />}
      {scorer.reason === null ? null : (
        <Notice>
          {stateReason(scorer.reason)}
          {scorer.state === "paused" ? " Nothing is lost: start it again when it is mended." : ""}
        </Notice>
      )}
      {scorer.state !== "running" || trouble === undefined ? null : <Notice>{trouble}</Notice>}
      {scorer.instructions === null ? null : (
        <details className="basis-full text-xs">
          <summary className="w-fit rounded-sm text-ink-3 hover:text-ink">What the judge is told</summary>
          <p className="mt-1 max-w-3xl rounded-md bg-sunken px-3 py-2 font-mono break-words whitespace-pre-wrap text-ink-2">{scorer.instructions}</p>
        </details>
      )}
    </div>
  );
}

function Notice({ children }: { children: ReactNode }) {
  return (
    <p role="status" className="flex basis-full items-start gap-2 rounded-md bg-warn-soft px-3 py-2 text-warn">
      <TriangleAlert className="mt-0.5 size-4 shrink-0" aria-hidden />
      <span className="min-w-0 break-words">{children}</span>
    </p>
  );
}

function HealthTiles({ scorer, query }: { scorer: ScorerOut; query: UseQueryResult<ScorerHealth> }) {
  const health = query.data;
  const shared = { isPending: query.isPending, error: health === undefined ? query.error : null };
  const filter = groupFilter("", { scorer: scorer.name });
  return (
    <StatStrip label="Health" isPlain>
      <StatTile
        label="Coverage"
        value={health === undefined ? "–" : coverageText(health)}
        n={health === undefined || health.eligible === null ? "conversations" : `of ${formatCount(health.eligible)} eligible traces`}
        {...shared}
      />
      <StatTile
        label="Scored"
        value={formatCount(health?.scored ?? 0)}
        n={health === undefined ? undefined : `${formatCount(health.sampled)} sampled`}
        link={filter === undefined ? undefined : tracesLink(filter)}
        {...shared}
      />
      <StatTile label="Failed" value={formatCount(health?.failed ?? 0)} n={`${formatCount(health?.skipped ?? 0)} skipped`} {...shared} />
      <StatTile label="Waiting" value={formatCount(health?.waiting ?? 0)} n={`${formatCount(health?.running ?? 0)} running`} {...shared} />
      <StatTile
        label="Lag p95"
        value={health?.lag_p95_ms == null ? "–" : formatDuration(health.lag_p95_ms)}
        detail={health?.lag_p50_ms == null ? undefined : `p50 ${formatDuration(health.lag_p50_ms)}`}
        n="from settled to scored"
        {...shared}
      />
      <StatTile
        label="Cost of judging"
        value={health?.cost_usd == null ? (scorer.uses_model && (health?.scored ?? 0) > 0 ? "unknown" : "–") : formatUsd(health.cost_usd)}
        detail={health?.cost_usd == null || health.scored === 0 ? undefined : `${formatUsd((health.cost_usd / health.scored) * 1000)} per 1,000 scores`}
        n={scorer.uses_model ? undefined : "asks no model"}
        {...shared}
      />
    </StatStrip>
  );
}

function Actions({ scorer }: { scorer: ScorerOut }) {
  const [open, setOpen] = useState<"run" | "backfill" | "delete" | undefined>();
  const navigate = useNavigate();
  const change = useScorerSwitch(scorer);
  const isOn = scorer.state === "running";
  const close = (): void => setOpen(undefined);
  const filter = groupFilter("", { scorer: scorer.name });
  const cannotRun = scorer.state === "cannot_run";
  return (
    <>
      <Button
        className="max-sm:px-2!"
        disabled={cannotRun || change.isPending}
        onClick={() => (isOn || scorer.state === "paused" ? change.mutate() : setOpen("run"))}
      >
        {isOn ? <CircleStop /> : <CirclePlay />} <span className="max-sm:sr-only">{isOn ? "Stop" : "Start"}</span>
      </Button>
      <Menu
        label="More"
        trigger={
          <IconButton label="More">
            <MoreHorizontal />
          </IconButton>
        }
      >
        <MenuItem icon={Settings2} disabled={cannotRun} onSelect={() => setOpen("run")}>
          Sampling, filter, budget
        </MenuItem>
        <MenuItem icon={History} disabled={cannotRun} onSelect={() => setOpen("backfill")}>
          Score the past
        </MenuItem>
        {filter === undefined ? null : (
          <MenuLink icon={ListTree} link={tracesLink(filter)}>
            Open its traces
          </MenuLink>
        )}
        <MenuItem icon={Trash2} danger onSelect={() => setOpen("delete")}>
          Delete
        </MenuItem>
      </Menu>
      {open === "run" ? <RunDialog scorer={scorer} onClose={close} /> : null}
      {open === "backfill" ? <BackfillDialog scorer={scorer} onClose={close} /> : null}
      {open === "delete" ? <DeleteScorerDialog scorer={scorer} onClose={close} onDeleted={() => navigate({ to: "/scorers" })} /> : null}
    </>
  );
}

import { useQuery } from "@tanstack/react-query";
import type { ScorerHealth, ScorerOut } from "@telltale/model/api";
import { clsx } from "clsx";
import { CirclePlay, CircleStop, History, MoreHorizontal, Settings2, Trash2 } from "lucide-react";
import { scorerHealthQuery } from "../../api/scorers.ts";
import { IconButton } from "../../components/Button.tsx";
import { Menu, MenuItem } from "../../components/Menu.tsx";
import { Skeleton } from "../../components/PanelState.tsx";
import { formatShare } from "../../format/metric.ts";
import { modelName } from "../../format/model-name.ts";
import { formatCount, formatDuration, formatUsd } from "../../format/number.ts";
import { coverageText, stateReason, troubleText } from "./scorer-text.ts";
import { ScorerLink } from "./ScorerLink.tsx";
import { ScorerState } from "./ScorerState.tsx";
import { useScorerSwitch } from "./use-scorer-actions.ts";

export const scorerColumns = "lg:grid-cols-[minmax(11rem,1.6fr)_7.5rem_minmax(7rem,1fr)_minmax(7rem,0.9fr)_5rem_4.5rem_4rem_4.5rem_5rem_4rem]";

export interface ScorerRowProps {
  scorer: ScorerOut;
  /** Said where scorers of several projects are listed. */
  projectName?: string | undefined;
  onAction: (action: "run" | "backfill" | "delete") => void;
}

/** One scorer and how its last day went. Each asks for itself: one that cannot be read leaves the others. */
export function ScorerRow({ scorer, projectName, onAction }: ScorerRowProps) {
  const health = useQuery(scorerHealthQuery(scorer));
  const change = useScorerSwitch(scorer);
  const isOn = scorer.state === "running";
  const trouble = isOn && health.data !== undefined ? troubleText(health.data) : undefined;
  return (
    <li className="border-b border-line">
      <div className={`relative items-center gap-x-4 gap-y-1 px-4 py-2 max-lg:flex max-lg:flex-wrap lg:grid ${scorerColumns}`}>
        <span className="min-w-0 max-lg:basis-full max-lg:pr-18">
          <ScorerLink scorer={scorer} projectName={projectName}>
            {` · v${scorer.version}`}
          </ScorerLink>
        </span>
        <ScorerState scorer={scorer} className="max-lg:text-xs" />
        <span className={clsx("min-w-0 truncate text-ink-2 max-lg:text-xs", !scorer.uses_model && "max-lg:hidden")} title={scorer.model ?? undefined}>
          {!scorer.uses_model ? <span className="text-ink-3">no model</span> : scorer.model === null ? "default provider" : modelName(scorer.model)}
        </span>
        <span
          className={clsx("num min-w-0 truncate text-ink-2 max-lg:text-xs", scorer.sample_rate === 0 && "max-lg:hidden")}
          title={scorer.filter ?? undefined}
        >
          {scorer.sample_rate === 0 ? "–" : formatShare(scorer.sample_rate)} <span className="text-ink-3 lg:hidden">sampled</span>
          {scorer.filter === null ? null : <code className="ml-1.5 font-mono text-2xs text-ink-3">{scorer.filter}</code>}
        </span>
        {health.data !== undefined ? (
          <HealthCells health={health.data} usesModel={scorer.uses_model} />
        ) : health.isError ? (
          <span role="alert" className="truncate text-xs text-error max-lg:basis-full lg:col-span-5" title={health.error.message}>
            Could not be read: {health.error.message}
          </span>
        ) : (
          <span role="status" aria-label="Reading" className="max-lg:basis-full lg:col-span-5">
            <Skeleton className="h-4 w-full opacity-60" />
          </span>
        )}
        <span className="flex justify-end gap-0.5 max-lg:absolute max-lg:top-2 max-lg:right-3">
          <IconButton
            label={`${isOn ? "Stop" : "Start"} ${scorer.name}`}
            size="sm"
            disabled={scorer.state === "cannot_run" || change.isPending}
            onClick={() => change.mutate()}
          >
            {isOn ? <CircleStop /> : <CirclePlay />}
          </IconButton>
          <Menu
            label={`${scorer.name}: actions`}
            trigger={
              <IconButton label={`${scorer.name}: actions`} size="sm">
                <MoreHorizontal />
              </IconButton>
            }
          >
            <MenuItem icon={Settings2} disabled={scorer.state === "cannot_run"} onSelect={() => onAction("run")}>
              Sampling, filter, budget
            </MenuItem>
            <MenuItem icon={History} disabled={scorer.state === "cannot_run"} onSelect={() => onAction("backfill")}>
              Score the past
            </MenuItem>
            <MenuItem icon={Trash2} danger onSelect={() => onAction("delete")}>
              Delete
            </MenuItem>
          </Menu>
        </span>
      </div>
      {scorer.reason === null ? null : (
        <p className={clsx("px-4 pb-2 text-xs break-words", scorer.state === "paused" ? "text-warn" : "text-error")}>{stateReason(scorer.reason)}</p>
      )}
      {trouble === undefined ? null : <p className="px-4 pb-2 text-xs text-warn">{trouble}</p>}
    </li>
  );
}

function HealthCells({ health, usesModel }: { health: ScorerHealth; usesModel: boolean }) {
  return (
    <>
      <Labelled
        label="covered"
        title={
          health.eligible === null ? "Conversations are not counted ahead" : `${formatCount(health.scored)} scored, ${formatCount(health.eligible)} eligible`
        }
      >
        {coverageText(health)}
      </Labelled>
      <Labelled label="scored">{formatCount(health.scored)}</Labelled>
      <Labelled label="failed" className={health.failed > 0 ? "text-warn" : ""}>
        {formatCount(health.failed)}
      </Labelled>
      <Labelled label="lag p95">{health.lag_p95_ms === null ? undefined : formatDuration(health.lag_p95_ms)}</Labelled>
      <Labelled label="a day">{health.cost_usd !== null ? formatUsd(health.cost_usd) : usesModel && health.scored > 0 ? "unknown" : undefined}</Labelled>
    </>
  );
}

/** Where there is no header, the figure says what it is; where there is no figure either, nothing is said. */
function Labelled({ label, title, className, children }: { label: string; title?: string; className?: string; children: string | undefined }) {
  return (
    <span
      title={title}
      className={clsx("num whitespace-nowrap text-right max-lg:text-left max-lg:text-xs", children === undefined && "max-lg:hidden", className)}
    >
      {children ?? "–"} <span className="text-ink-3 lg:sr-only">{label}</span>
    </span>
  );
}

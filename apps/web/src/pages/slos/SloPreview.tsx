import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { SloPreviewOut } from "@telltale/model/api";
import { useEffect, useState } from "react";
import { sloPreviewQuery, type SloObjectiveIn } from "../../api/slos.ts";
import { Button } from "../../components/Button.tsx";
import { Skeleton } from "../../components/PanelState.tsx";
import { formatCount, formatDuration } from "../../format/number.ts";
import { BudgetBar } from "./BudgetBar.tsx";
import { emptyReason, formatShare } from "./slo-text.ts";

/** Typing is followed at this distance: every question reads the whole window. */
const PAUSE_MS = 450;

export interface SloPreviewProps {
  objective: SloObjectiveIn | undefined;
  /** False: only the quantiles mean something yet. */
  hasThreshold: boolean;
  onThreshold: (ms: number) => void;
}

/** What the objective would have said of the past, and which threshold would have fitted it. */
export function SloPreview({ objective, hasThreshold, onThreshold }: SloPreviewProps) {
  const settled = useSettled(objective);
  const preview = useQuery({ ...sloPreviewQuery(settled), placeholderData: keepPreviousData });
  if (objective === undefined) return null;
  return (
    <section aria-label="Preview" aria-live="polite" aria-busy={preview.isFetching} className="min-h-24 rounded-md bg-sunken px-3.5 py-3 sm:col-span-2">
      {preview.isError ? (
        <p role="alert" className="text-xs break-words text-error">
          {preview.error.message}
        </p>
      ) : preview.data === undefined ? (
        <Skeleton className="h-16 w-full opacity-60" />
      ) : (
        <Answer preview={preview.data} days={objective.window_days ?? 28} hasThreshold={hasThreshold} onThreshold={onThreshold} />
      )}
    </section>
  );
}

function Answer({ preview, days, hasThreshold, onThreshold }: { preview: SloPreviewOut; days: number } & Omit<SloPreviewProps, "objective">) {
  const { attained, total, bad, excluded, budget, quantiles, suggested_threshold_ms: suggested } = preview;
  if (attained === null) return <p className="text-ink-3">{emptyReason(preview)} There is nothing to compare with yet.</p>;
  const known = [["p50", quantiles.p50], ["p95", quantiles.p95], ["p99", quantiles.p99]] as const; // prettier-ignore
  return (
    <div className="flex flex-col gap-2">
      {hasThreshold ? (
        <>
          <p>
            Over the last {days} days this would have been <strong className="num font-semibold">{formatShare(attained)}</strong>
            <span className="num text-ink-3">
              {" "}
              · n = {formatCount(total)}, {formatCount(bad)} bad{excluded === 0 ? "" : `, ${formatCount(excluded)} not counted`}
            </span>
          </p>
          <div className="flex items-center gap-3 text-xs text-ink-2">
            Budget left
            <BudgetBar remaining={budget.remaining} className="max-w-72 grow" />
          </div>
        </>
      ) : (
        <p className="num">
          n = {formatCount(total)} traces over the last {days} days.
        </p>
      )}
      {quantiles.at_target === null ? null : (
        <p className="num flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-ink-2">
          {known.map(([name, value]) => (value === null ? null : <span key={name}>{`${name} ${formatDuration(value)}`}</span>))}
          {suggested === null ? null : (
            <Button size="sm" className="ml-auto" onClick={() => onThreshold(suggested)}>
              Use {formatDuration(suggested)}: it would have kept the target
            </Button>
          )}
        </p>
      )}
    </div>
  );
}

function useSettled(objective: SloObjectiveIn | undefined): SloObjectiveIn | undefined {
  const key = JSON.stringify(objective);
  const [settled, setSettled] = useState(key);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(key), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [key]);
  return settled === undefined ? undefined : (JSON.parse(settled) as SloObjectiveIn);
}

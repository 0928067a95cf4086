import { Link } from "@tanstack/react-router";
import type { ScorerTryResult } from "@telltale/model/api";
import { CircleDashed, FlaskConical, LoaderCircle, ThumbsDown, ThumbsUp, TriangleAlert } from "lucide-react";
import { Button } from "../../components/Button.tsx";
import { isNegative, isPositive, valueText } from "../../format/assessment.ts";
import { formatDuration, formatUsd, plural } from "../../format/number.ts";
import { reasonText, type TrySummary } from "./scorer-text.ts";

export interface TryPanelProps {
  results: ScorerTryResult["data"] | undefined;
  summary: TrySummary | undefined;
  isPending: boolean;
  error: Error | null;
  /** Why it cannot be tried yet. */
  problem: string | undefined;
  /** The results are those of another definition or filter. */
  isOutdated: boolean;
  onTry: () => void;
}

/** What a scorer says of twenty stored traces, before it is saved. */
export function TryPanel({ results, summary, isPending, error, problem, isOutdated, onTry }: TryPanelProps) {
  return (
    <section aria-label="Try" className="flex min-h-0 min-w-0 flex-col">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 pb-2">
        <Button size="sm" disabled={problem !== undefined || isPending} onClick={onTry}>
          {isPending ? <LoaderCircle className="animate-spin" /> : <FlaskConical />} Try on 20 traces
        </Button>
        <span role="status" className="num min-w-0 text-xs text-ink-2">
          {isPending ? "Asking…" : summary === undefined ? (problem ?? "The newest that match; nothing is kept.") : summaryText(summary)}
          {isOutdated && !isPending ? <span className="text-warn"> · changed since</span> : null}
        </span>
      </div>
      {error === null ? null : (
        <p role="alert" className="rounded-md bg-error-soft px-3 py-2 text-xs break-words text-error">
          {error.message}
        </p>
      )}
      {results === undefined ? null : results.length === 0 ? (
        <p className="py-6 text-center text-ink-3">There is no finished trace that matches. Send one, or widen the filter.</p>
      ) : (
        <ul
          tabIndex={0}
          aria-label="Verdicts"
          className="focus-inset min-h-0 grow divide-y divide-line overflow-y-auto rounded-md border border-line max-md:max-h-[50vh]"
        >
          {results.map((entry) => (
            <Verdict key={entry.trace_id} entry={entry} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Verdict({ entry }: { entry: ScorerTryResult["data"][number] }) {
  return (
    <li className="px-3 py-2">
      <div className="flex items-baseline gap-2">
        <span className="min-w-0 grow font-medium">
          {entry.outcome === "failed" ? (
            <Word icon={<TriangleAlert className="size-3.5 text-warn" aria-hidden />} className="text-warn">
              failed
            </Word>
          ) : entry.outcome === "skipped" ? (
            <Word icon={<CircleDashed className="size-3.5 text-ink-3" aria-hidden />} className="text-ink-3">
              skipped
            </Word>
          ) : (
            <span className="flex flex-wrap gap-x-3">
              {entry.scores.map((score, index) => (
                <Word key={`${score.name} ${index}`} icon={<Thumb value={score.value} />}>
                  {entry.scores.length > 1 ? `${score.name}: ` : ""}
                  {valueText(score.value)}
                </Word>
              ))}
            </span>
          )}
        </span>
        <span className="num shrink-0 text-xs text-ink-3">
          {formatDuration(entry.duration_ms)}
          {entry.cost_usd === null ? "" : ` · ${formatUsd(entry.cost_usd)}`}
        </span>
        <Link
          to="/traces/$traceId"
          params={{ traceId: entry.trace_id }}
          target="_blank"
          aria-label={`Trace ${entry.trace_id}, in a new tab`}
          className="shrink-0 font-mono text-2xs text-accent-ink underline"
        >
          {entry.trace_id.slice(0, 8)}
        </Link>
      </div>
      {entry.reason === null ? null : (
        <p className="mt-0.5 text-xs break-words text-ink-2">{entry.outcome === "skipped" ? reasonText(entry.reason) : entry.reason}</p>
      )}
      {entry.scores.map((score, index) =>
        score.rationale === null || score.rationale === "" ? null : (
          <p key={`${score.name} ${index}`} className="mt-0.5 line-clamp-3 text-xs break-words text-ink-2" title={score.rationale}>
            {score.rationale}
          </p>
        ),
      )}
    </li>
  );
}

function Word({ icon, className = "", children }: { icon: React.ReactNode; className?: string; children: React.ReactNode }) {
  return (
    <span className={`num inline-flex min-w-0 items-center gap-1.5 break-words ${className}`}>
      {icon}
      {children}
    </span>
  );
}

function Thumb({ value }: { value: unknown }) {
  if (isPositive(value)) return <ThumbsUp className="size-3.5 shrink-0 text-ok" aria-hidden />;
  return isNegative(value) ? <ThumbsDown className="size-3.5 shrink-0 text-error" aria-hidden /> : null;
}

function summaryText({ scored, failed, skipped, medianMs, usdPer1000 }: TrySummary): string {
  return [
    `${scored} scored`,
    failed > 0 ? `${failed} failed` : "",
    skipped > 0 ? `${skipped} skipped` : "",
    medianMs === undefined ? "" : `median ${formatDuration(medianMs)}`,
    usdPer1000 === undefined ? "price unknown" : usdPer1000 === 0 ? "free" : `${formatUsd(usdPer1000)} per ${plural(1000, "trace")}`,
  ]
    .filter((part) => part !== "")
    .join(" · ");
}

import { useQuery } from "@tanstack/react-query";
import type { ReviewQueueOut } from "@telltale/model/api";
import { clsx } from "clsx";
import { estimateQuery } from "../../api/review.ts";
import { doneShare, doneText, estimateText } from "./progress-text.ts";

/** How many are labelled, and what that is worth: the interval of now, and what is missing for the one wanted. */
export function ReviewProgress({ queue, className }: { queue: ReviewQueueOut; className?: string }) {
  const isEstimate = queue.purpose === "estimate" && queue.sample !== null;
  const estimate = useQuery({ ...estimateQuery(queue.id), enabled: isEstimate });
  const share = doneShare(queue.progress);
  const text = isEstimate ? (estimate.data === undefined ? (estimate.isError ? "interval not known" : "") : estimateText(estimate.data)) : "enters no estimate";
  return (
    <div className={clsx("flex min-w-0 flex-col gap-1", className)}>
      <div
        role="progressbar"
        aria-label={`Labelled of ${queue.name}`}
        aria-valuenow={Math.round(share * 100)}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuetext={doneText(queue.progress)}
        className="h-1.5 overflow-hidden rounded-full bg-pressed"
      >
        <div className={clsx("h-full rounded-full transition-[width]", share === 1 ? "bg-ok" : "bg-accent")} style={{ width: `${share * 100}%` }} />
      </div>
      <p className="num min-w-0 text-xs text-pretty text-ink-3">
        <span className="text-ink-2">{doneText(queue.progress)}</span>
        {text === "" ? "" : ` · ${text}`}
      </p>
    </div>
  );
}

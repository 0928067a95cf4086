import type { ReviewEstimate, ReviewQueueOut } from "@telltale/model/api";
import { formatShare } from "../../format/metric.ts";
import { formatCount } from "../../format/number.ts";

/** `37 of 100`; what was skipped is out of the count. */
export function doneText({ pending, done, skipped }: ReviewQueueOut["progress"]): string {
  return `${formatCount(done)} of ${formatCount(pending + done)}${skipped === 0 ? "" : `, ${formatCount(skipped)} skipped`}`;
}

/** Share of what is to be labelled that is; 1 for a queue without traces left. */
export function doneShare({ pending, done }: ReviewQueueOut["progress"]): number {
  return pending + done === 0 ? 1 : done / (pending + done);
}

/** `interval now ±6.1%, about 52 more labels for ±3%`. */
export function estimateText(estimate: ReviewEstimate): string {
  const { kind, ci_low: low, ci_high: high, n_labels: labels, labels_needed: needed, half_width: wanted } = estimate;
  if (kind === "none") return "enters no estimate";
  const aim = `±${formatShare(wanted)}`;
  if (low === null || high === null) return needed === null ? `no labels yet, aiming at ${aim}` : `about ${formatCount(needed)} labels for ${aim}`;
  const half = (high - low) / 2;
  const now = `interval now ±${formatShare(half)}`;
  if (half <= wanted) return `${now}, within the ${aim} wanted`;
  if (needed === null) return `${now}; labels alone cannot reach ${aim}`;
  return needed <= labels ? `${now}, a few more labels for ${aim}` : `${now}, about ${formatCount(needed - labels)} more labels for ${aim}`;
}

/** How many traces a queue needs for what a rate still misses: a round number, of twenty at least. */
export function suggestedCount({ n_labels: labels, labels_for_3_points: needed }: { n_labels: number; labels_for_3_points: number | null }): number {
  const missing = needed === null ? 0 : needed - labels;
  if (missing <= 0) return 100;
  return Math.min(500, Math.max(20, Math.ceil(missing / 10) * 10));
}

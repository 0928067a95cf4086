import type { QualityRateAnswer } from "@telltale/model/api";
import { formatShare } from "../../format/metric.ts";
import { formatCount } from "../../format/number.ts";

export function shareText(share: number | null): string {
  return share === null ? "–" : formatShare(share);
}

/** `64% – 85%`. */
export function intervalText({ ci_low: low, ci_high: high }: { ci_low: number | null; ci_high: number | null }): string {
  return low === null || high === null ? "–" : `${formatShare(low)} – ${formatShare(high)}`;
}

/** What the interval rests on, and what would make it narrower. */
export function labelsText(rate: Pick<QualityRateAnswer, "scorer" | "corrected" | "n_labels" | "labels_for_3_points">): string {
  const { scorer, corrected, n_labels: labels, labels_for_3_points: wanted } = rate;
  if (corrected === null)
    return labels === 0
      ? `Not corrected: nobody has said yet whether it is right. Give feedback named ${scorer} on some of its traces, and the rate gets its interval.`
      : `Not corrected yet: ${formatCount(labels)} labels are too few.`;
  if (wanted === null) return "More labels of these traces cannot bring the interval to ±3%; more judged traces would narrow it too.";
  return wanted <= labels
    ? "The interval is within ±3%, or as good as."
    : `Labels needed for ±3%: about ${formatCount(wanted)} in all, ${formatCount(wanted - labels)} more than there are.`;
}

/** Which version the rate is of, and what else said something under the name; `""` = there is nothing to tell apart. */
export function judgesText({ version, not_counted: others }: Pick<QualityRateAnswer, "version" | "not_counted">): string {
  if (version === null) return "";
  const said = others.map((other) =>
    other.version === null
      ? `${formatCount(other.n_traces)} on which something else says something of this name`
      : `${formatCount(other.n_traces)} of version ${other.version}`,
  );
  return said.length === 0 ? "" : `Of version ${version}; not counted are traces judged otherwise: ${said.join(", ")}. `;
}

export function kappaText(kappa: number | null): string {
  return kappa === null ? "–" : kappa.toFixed(2).replace("-", "−");
}

import { Link } from "@tanstack/react-router";
import type { QualityRateAnswer } from "@telltale/model/api";
import type { ScorerKey } from "../../api/scorers.ts";
import { formatCount } from "../../format/number.ts";
import { suggestedCount } from "./progress-text.ts";
import { labelSearch } from "./review-search.ts";

/** To a new queue with as many traces of the scorer as its rate still needs. */
export function LabelLink({ scorer, rate }: { scorer: ScorerKey; rate: Pick<QualityRateAnswer, "n_labels" | "labels_for_3_points"> }) {
  const count = suggestedCount(rate);
  return (
    <Link to="/review" search={labelSearch(scorer, count)} className="rounded-sm whitespace-nowrap text-accent-ink underline">
      Label {formatCount(count)} traces
    </Link>
  );
}

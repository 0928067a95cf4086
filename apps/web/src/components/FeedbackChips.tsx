import type { AssessmentOut } from "@telltale/model/api";
import { clsx } from "clsx";
import { ThumbsDown, ThumbsUp, TriangleAlert } from "lucide-react";
import { isNegative, isPositive, valueText } from "../format/assessment.ts";

const MAX_CHIPS = 1;

/** The valid feedback of a trace, at a glance. */
export function FeedbackChips({ assessments }: { assessments: readonly AssessmentOut[] }) {
  const shown = assessments.filter((entry) => entry.kind === "feedback" && entry.valid);
  if (shown.length === 0) return <span className="text-ink-faint">–</span>;
  return (
    <span className="flex max-w-full min-w-0 items-center gap-1">
      {shown.slice(0, MAX_CHIPS).map((entry) => (
        <FeedbackChip key={entry.assessment_id} assessment={entry} />
      ))}
      {shown.length > MAX_CHIPS ? <span className="num shrink-0 text-2xs text-ink-3">+{shown.length - MAX_CHIPS}</span> : null}
    </span>
  );
}

export function FeedbackChip({ assessment }: { assessment: AssessmentOut }) {
  const { value, error, name } = assessment;
  const tone =
    error !== null
      ? "bg-warn-soft text-warn"
      : isPositive(value)
        ? "bg-ok-soft text-ok"
        : isNegative(value)
          ? "bg-error-soft text-error"
          : "bg-hover text-ink-2";
  const Icon = error !== null ? TriangleAlert : isPositive(value) ? ThumbsUp : isNegative(value) ? ThumbsDown : undefined;
  return (
    <span
      title={`${name}: ${error === null ? valueText(value) : `failed, ${error.message}`}`}
      className={clsx("inline-flex h-5 min-w-0 items-center gap-1 rounded-sm px-1.5 text-2xs", tone)}
    >
      {Icon === undefined ? null : <Icon className="size-3 shrink-0" aria-hidden />}
      <span className="truncate">{name}</span>
      {Icon === undefined ? <span className="num shrink-0 font-medium">{valueText(value)}</span> : null}
    </span>
  );
}

import { Link } from "@tanstack/react-router";
import { formatShare } from "../../format/metric.ts";
import { modelName } from "../../format/model-name.ts";
import { formatCompact, formatUsd } from "../../format/number.ts";
import type { ScoreFacts } from "./score-facts.ts";

/** Which version of which scorer said it, what that cost, how the trace was chosen, and the judge's own trace. */
export function ScoreFactsLine({ facts }: { facts: ScoreFacts }) {
  const parts = [
    facts.version === undefined ? undefined : `version ${facts.version}`,
    facts.model === undefined ? undefined : modelName(facts.model),
    facts.costUsd === undefined ? undefined : `cost ${formatUsd(facts.costUsd)}`,
    facts.tokens === undefined ? undefined : `${formatCompact(facts.tokens)} tokens`,
    facts.probability === undefined ? undefined : `sampled at ${formatShare(facts.probability)}`,
  ].filter((part) => part !== undefined);
  return (
    <p className="num mt-1.5 flex flex-wrap items-center gap-x-2 text-xs text-ink-3">
      <span>{parts.join(" · ")}</span>
      {facts.judgeTraceId === undefined ? null : (
        <Link
          to="/traces/$traceId"
          params={{ traceId: facts.judgeTraceId }}
          // The judge's trace has spans, tabs and findings of its own.
          search={(previous) => ({ ...previous, span: undefined, tab: undefined, pane: undefined, finding: undefined }) as never}
          className="text-accent-ink underline"
        >
          the judge’s trace
        </Link>
      )}
    </p>
  );
}

import { Link } from "@tanstack/react-router";
import { EmptyState, FailedState, PartialNote, Skeleton } from "../../components/PanelState.tsx";
import { PageHeader } from "../../shell/PageHeader.tsx";
import { TimeRangePicker } from "../../shell/TimeRangePicker.tsx";
import { useScope } from "../../url/scope.ts";
import { MoreScorers } from "../scorers/MoreScorers.tsx";
import { useScorerList } from "../scorers/use-scorer-list.ts";
import { DiagnosticsPanel } from "./DiagnosticsPanel.tsx";
import { rateColumns, RateRow } from "./RateRow.tsx";

/** How good the answers are: every judged rate with what people say of it, and what agents did wrong. */
export function QualityPage() {
  const scope = useScope();
  return (
    <>
      <PageHeader title="Quality">
        <TimeRangePicker />
      </PageHeader>
      <div tabIndex={0} role="region" aria-label="Quality" className="focus-inset min-h-0 grow overflow-y-auto">
        <Rates />
        <DiagnosticsPanel scope={scope} />
      </div>
    </>
  );
}

function Rates() {
  const scope = useScope();
  const { scorers, error, rest, showMore, projectName, retry } = useScorerList(scope.project);
  return (
    <section aria-label="Pass rates" className="border-b border-line">
      <div className="flex h-10 items-center gap-2 px-4">
        <h2 className="text-sm font-semibold">Pass rates</h2>
        <span className="ml-auto flex gap-1">
          {error !== null && scorers !== undefined && scorers.length > 0 ? <PartialNote>Not all could be read: {error.message}</PartialNote> : null}
        </span>
      </div>
      {scorers === undefined ? (
        <div role="status" aria-label="Loading" className="flex flex-col gap-4 p-4">
          {[0, 1, 2].map((row) => (
            <Skeleton key={row} className="h-9 w-full opacity-60" />
          ))}
        </div>
      ) : scorers.length === 0 && error !== null ? (
        <FailedState title="The scorers could not be read" error={error} onRetry={retry} />
      ) : scorers.length === 0 && rest === undefined ? (
        <EmptyState title="No scorer judges this project yet">
          <Link to="/scorers" className="text-accent-ink underline">
            Make one
          </Link>
          , give feedback under its name on some of its traces, and the rate gets its interval.
        </EmptyState>
      ) : (
        <>
          <div aria-hidden className={`hidden gap-x-4 border-y border-line px-4 py-1.5 text-xs text-ink-3 lg:grid ${rateColumns}`}>
            <span>Scorer</span>
            <span className="text-right" title="As the scorer says">
              Raw
            </span>
            <span className="text-right" title="As people would say">
              Corrected
            </span>
            <span className="flex justify-between">
              0% <span>100%</span>
            </span>
            <span className="text-right">95% interval</span>
            <span className="text-right">Traces</span>
            <span className="text-right">Labels</span>
            <span>Trend</span>
            <span className="text-right" title="Cohen's kappa, with people">
              Kappa
            </span>
          </div>
          <ul className="text-sm">
            {scorers.map((scorer) => (
              <RateRow key={scorer.id} scorer={scorer} scope={scope} projectName={scope.project === undefined ? projectName(scorer.project_id) : undefined} />
            ))}
          </ul>
          <MoreScorers rest={rest} onShow={showMore} />
        </>
      )}
    </section>
  );
}

import { Link } from "@tanstack/react-router";
import type { ScorerOut } from "@telltale/model/api";
import { Gavel, Plus } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { Button } from "../../components/Button.tsx";
import { EmptyState, FailedState, PartialNote, Skeleton } from "../../components/PanelState.tsx";
import { PageHeader } from "../../shell/PageHeader.tsx";
import { useShellSearch } from "../../url/search.ts";
import { BackfillDialog } from "./BackfillDialog.tsx";
import { DeleteScorerDialog } from "./DeleteScorerDialog.tsx";
import { MoreScorers } from "./MoreScorers.tsx";
import { RunDialog } from "./RunDialog.tsx";
import { scorerColumns, ScorerRow } from "./ScorerRow.tsx";
import { useScorerList } from "./use-scorer-list.ts";

const NewScorerDialog = lazy(() => import("./NewScorerDialog.tsx").then((module) => ({ default: module.NewScorerDialog })));

type Open = { kind: "new" } | { kind: "run" | "backfill" | "delete"; scorer: ScorerOut };

/** What is scored by itself, and whether that goes well. */
export function ScorersPage() {
  const { project } = useShellSearch();
  const { scorers, error, rest, showMore, projectName, retry } = useScorerList(project);
  const [open, setOpen] = useState<Open | undefined>();
  const close = (): void => setOpen(undefined);
  const create = (
    <Button variant="primary" onClick={() => setOpen({ kind: "new" })}>
      <Plus /> New scorer
    </Button>
  );
  return (
    <>
      <PageHeader title="Scorers">
        {error !== null && scorers !== undefined && scorers.length > 0 ? <PartialNote>Not all could be read: {error.message}</PartialNote> : null}
        {scorers === undefined || scorers.length === 0 ? null : (
          <span className="text-xs whitespace-nowrap text-ink-3 max-lg:hidden">Figures of the last 24 hours</span>
        )}
        {create}
      </PageHeader>
      <div tabIndex={0} role="region" aria-label="Scorers" className="focus-inset min-h-0 grow overflow-y-auto">
        {scorers === undefined ? (
          <div role="status" aria-label="Loading" className="flex flex-col gap-4 p-4">
            {[0, 1, 2].map((row) => (
              <Skeleton key={row} className="h-9 w-full opacity-60" />
            ))}
          </div>
        ) : scorers.length === 0 && error !== null ? (
          <FailedState title="The scorers could not be read" error={error} onRetry={retry} className="mt-[10vh]" />
        ) : scorers.length === 0 && rest === undefined ? (
          <EmptyState icon={<Gavel />} title="Nothing is scored by itself yet" className="mt-[10vh]" action={create}>
            A scorer looks at a share of the finished traces in the background and writes what it finds as feedback: a judge that asks a model, or code.{" "}
            <Link to="/docs/$slug" params={{ slug: "scoring" }} className="text-accent-ink underline">
              How it works
            </Link>
          </EmptyState>
        ) : (
          <>
            <div aria-hidden className={`hidden gap-x-4 border-b border-line px-4 py-1.5 text-xs text-ink-3 lg:grid ${scorerColumns}`}>
              <span>Scorer</span>
              <span>State</span>
              <span>Model</span>
              <span>Sampling</span>
              <span className="text-right" title="Scored of eligible traces">
                Coverage
              </span>
              <span className="text-right">Scored</span>
              <span className="text-right">Failed</span>
              <span className="text-right" title="From settled to scored: 95 of 100 took no longer">
                Lag p95
              </span>
              <span className="text-right">Cost</span>
              <span />
            </div>
            <ul className="text-sm">
              {scorers.map((scorer) => (
                <ScorerRow
                  key={scorer.id}
                  scorer={scorer}
                  projectName={project === undefined ? projectName(scorer.project_id) : undefined}
                  onAction={(kind) => setOpen({ kind, scorer })}
                />
              ))}
            </ul>
            <MoreScorers rest={rest} onShow={showMore} />
          </>
        )}
      </div>
      {open?.kind === "new" ? (
        <Suspense>
          <NewScorerDialog project={project} onClose={close} />
        </Suspense>
      ) : null}
      {open?.kind === "run" ? <RunDialog scorer={open.scorer} onClose={close} /> : null}
      {open?.kind === "backfill" ? <BackfillDialog scorer={open.scorer} onClose={close} /> : null}
      {open?.kind === "delete" ? <DeleteScorerDialog scorer={open.scorer} onClose={close} onDeleted={close} /> : null}
    </>
  );
}

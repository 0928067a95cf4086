import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { AlignmentOut, AlignmentOverview, ScorerOut } from "@telltale/model/api";
import { alignmentQuery, type AlignmentAction, changeAlignment } from "../../api/alignment.ts";
import type { QualityWindow } from "../../api/quality.ts";
import { Button } from "../../components/Button.tsx";
import { Panel } from "../../components/Panel.tsx";
import { toast, toastError } from "../../components/toast.tsx";
import { formatCount, formatUsd } from "../../format/number.ts";
import { ShadowView } from "./ShadowView.tsx";
import { SideTable } from "./SideTable.tsx";

const done: Readonly<Record<AlignmentAction, string>> = {
  start: "The alignment runs; it goes on when you leave this page",
  cancel: "The alignment was cancelled",
  promote: "The new version counts from now on",
  discard: "The version in the shadow was ended",
};

/** Teaches a judge what people corrected, shows what came of it, and what runs in its shadow. */
export function AlignmentPanel({ scorer, window }: { scorer: ScorerOut; window: QualityWindow }) {
  const query = useQuery(alignmentQuery(scorer));
  const change = useAlignmentChange(scorer);
  const overview = query.data;
  const [newest] = overview?.data ?? [];
  const isRunning = newest?.state === "running";
  return (
    <Panel
      title="Alignment with people"
      note={overview === undefined ? undefined : `${formatCount(overview.labels)} labels`}
      queries={[query]}
      minHeight={160}
      actions={
        overview === undefined ? null : isRunning ? (
          <Button size="sm" disabled={change.isPending} onClick={() => change.mutate("cancel")}>
            Cancel
          </Button>
        ) : (
          <Button size="sm" disabled={change.isPending || overview.problem !== null} onClick={() => change.mutate("start")}>
            Align
          </Button>
        )
      }
    >
      {overview === undefined ? null : (
        <div className="flex flex-col gap-4 px-4 pb-4 text-sm">
          <Readiness overview={overview} isRunning={isRunning} />
          {newest === undefined ? null : <Run run={newest} />}
          {newest?.mode === "shadow" ? (
            <ShadowView scorer={scorer} window={window} isBusy={change.isPending} onEnd={(action) => change.mutate(action)} />
          ) : null}
          {overview.guidelines.length === 0 || newest?.mode === "live" ? null : (
            <Guidelines title="What the live version learned" lines={overview.guidelines} />
          )}
        </div>
      )}
    </Panel>
  );
}

function useAlignmentChange(scorer: ScorerOut) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (action: AlignmentAction) => changeAlignment(scorer, action),
    onSuccess: async (_run, action) => {
      await queries.invalidateQueries({ queryKey: ["scorers"] });
      toast(done[action]);
    },
    onError: toastError,
  });
}

function Readiness({ overview, isRunning }: { overview: AlignmentOverview; isRunning: boolean }) {
  if (isRunning) return null;
  if (overview.problem !== null) return <p className="text-xs text-pretty text-ink-3">{overview.problem}</p>;
  const cost = overview.estimated_cost_usd === null ? "" : `, about ${formatUsd(overview.estimated_cost_usd)}`;
  return (
    <p className="num text-xs text-pretty text-ink-3">
      Learns from one half of the labels and proves itself on the other: at most {formatCount(overview.judgements)} verdicts{cost}. Only a version that surely
      agrees more goes live by itself.
    </p>
  );
}

const states: Readonly<Record<AlignmentOut["state"], string>> = { running: "Runs", done: "Done", failed: "Failed", cancelled: "Cancelled" };

function Run({ run }: { run: AlignmentOut }) {
  const cost =
    run.cost_usd === null ? (run.unpriced > 0 ? "cost unknown" : "") : `${formatUsd(run.cost_usd)}${run.unpriced > 0 ? " and what is not priced" : ""}`;
  return (
    <>
      <div role="status" className="flex flex-col gap-1.5">
        <p className="num flex flex-wrap gap-x-3">
          <span className="font-medium">{run.state === "done" ? outcomeText(run) : states[run.state]}</span>
          <span className="text-ink-3">
            {formatCount(run.done)} of {formatCount(run.total)} verdicts
          </span>
          {cost === "" ? null : <span className="text-ink-3">{cost}</span>}
        </p>
        {run.state === "running" ? (
          <progress aria-label="Verdicts" value={run.done} max={Math.max(1, run.total)} className="h-1.5 w-full max-w-96 accent-accent" />
        ) : null}
        {run.error === null ? null : <p className={run.state === "failed" ? "text-error" : "text-warn"}>{run.error}</p>}
        {run.result?.reasons.map((reason) => (
          <p key={reason} className="text-xs text-pretty text-ink-2">
            {reason}
          </p>
        ))}
      </div>
      {run.result === null ? null : (
        <div className="flex flex-col gap-1.5">
          <SideTable
            caption="Held-back labels"
            before={[`version ${run.base_version}`, run.result.before]}
            after={[`version ${run.version ?? "–"}`, run.result.after]}
          />
          <p className="num text-xs text-ink-3">
            On {formatCount(run.result.n)} held-back labels: {formatCount(run.result.mended)} verdicts mended, {formatCount(run.result.broken)} broken;
            McNemar’s mid-p {run.result.mcnemar_mid_p < 0.001 ? "< 0.001" : run.result.mcnemar_mid_p.toFixed(3)}. Intervals are 95 %.
            {run.result.failed_after > 0 ? ` The new version gave no verdict on ${formatCount(run.result.failed_after)}.` : ""}
          </p>
        </div>
      )}
      {run.guidelines.length === 0 ? null : <Guidelines title="What it learned" lines={run.guidelines} />}
    </>
  );
}

function outcomeText(run: AlignmentOut): string {
  if (run.mode === "live") return `Version ${run.version} is live`;
  if (run.mode === "shadow") return `Version ${run.version} runs in the shadow`;
  return run.mode === "discarded" ? `Version ${run.version} was discarded` : "Its version was deleted";
}

function Guidelines({ title, lines }: { title: string; lines: readonly string[] }) {
  return (
    <div>
      <h3 className="text-xs text-ink-3">{title}</h3>
      <ol className="mt-1 list-decimal pl-5">
        {lines.map((line) => (
          <li key={line} className="break-words">
            {line}
          </li>
        ))}
      </ol>
    </div>
  );
}

import { useMutation, useQuery } from "@tanstack/react-query";
import type { ScorerBackfillResult, ScorerOut } from "@telltale/model/api";
import { useState } from "react";
import { backfillScorer } from "../../api/scorers.ts";
import { Dialog } from "../../components/Dialog.tsx";
import { FormFooter } from "../../components/FormFooter.tsx";
import { Choices, Field, fieldLook } from "../../components/form.tsx";
import { Skeleton } from "../../components/PanelState.tsx";
import { toast } from "../../components/toast.tsx";
import { formatCount, formatDuration, formatUsd, plural } from "../../format/number.ts";
import { useScorersRefresh } from "./use-scorer-actions.ts";

const DAY_MS = 24 * 3_600_000;
const days = { 1: "Last day", 7: "7 days", 30: "30 days", 90: "90 days" } as const;

/** Scores traces of the past, after saying how many, for how much and for how long. */
export function BackfillDialog({ scorer, onClose }: { scorer: ScorerOut; onClose: () => void }) {
  const refresh = useScorersRefresh();
  const [choice, setChoice] = useState<`${keyof typeof days}`>("7");
  const [rate, setRate] = useState("100");
  // The end is the moment the dialog opened: what is estimated is what is then scored.
  const [endMs] = useState(() => Date.now());
  const share = Number(rate.replace(",", ".")) / 100;
  const isShare = rate.trim() !== "" && share > 0 && share <= 1;
  const window = { from: new Date(endMs - Number(choice) * DAY_MS).toISOString(), to: new Date(endMs).toISOString() };
  const estimate = useQuery({
    queryKey: ["backfill-estimate", scorer.project_id, scorer.name, choice, share, endMs],
    queryFn: ({ signal }) => backfillScorer(scorer, { ...window, sample_rate: share, dry_run: true }, signal),
    enabled: isShare,
  });
  const start = useMutation({
    mutationFn: () => backfillScorer(scorer, { ...window, sample_rate: share, dry_run: false }),
    onSuccess: async (answer) => {
      await refresh();
      toast(`${plural(answer.to_score, scorer.level === "session" ? "conversation" : "trace")} will be scored; the page of ${scorer.name} shows how far it is`);
      onClose();
    },
  });
  return (
    <Dialog open onOpenChange={(open) => open || onClose()} title={`Score the past with ${scorer.name}`} className="max-md:top-4!">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          start.mutate();
        }}
      >
        <div className="flex flex-col gap-3.5 px-4 pb-4">
          <Choices
            label="Traces of the"
            name="backfill-days"
            value={choice}
            options={Object.entries(days) as [`${keyof typeof days}`, string][]}
            onChange={setChoice}
          />
          <Field label="Share of them (percent)" hint={scorer.filter === null ? undefined : `The scorer's own filter counts: ${scorer.filter}`}>
            <input className={`${fieldLook} num`} value={rate} inputMode="decimal" maxLength={12} onChange={(event) => setRate(event.target.value)} />
          </Field>
          <div aria-live="polite" aria-busy={estimate.isFetching} className="num min-h-16 rounded-md bg-sunken px-3.5 py-3">
            {!isShare ? (
              <p className="text-ink-3">A share above 0 and up to 100%.</p>
            ) : estimate.isError ? (
              <p role="alert" className="text-xs break-words text-error">
                {estimate.error.message}
              </p>
            ) : estimate.data === undefined ? (
              <Skeleton className="h-10 w-full opacity-60" />
            ) : (
              <Estimate estimate={estimate.data} scorer={scorer} />
            )}
          </div>
        </div>
        <FormFooter
          problem={start.error?.message}
          action="Score them"
          isDisabled={!isShare || start.isPending || estimate.data === undefined || estimate.data.to_score === 0}
          onCancel={onClose}
        />
      </form>
    </Dialog>
  );
}

function Estimate({ estimate, scorer }: { estimate: ScorerBackfillResult; scorer: ScorerOut }) {
  const { uses_model: usesModel, level } = scorer;
  const isOfSessions = level === "session";
  const { traces, traces_is_partial: isPartial, to_score: toScore, estimated_cost_usd: usd, estimated_duration_ms: ms } = estimate;
  return (
    <>
      <p>
        <strong className="font-semibold">{formatCount(toScore)}</strong> of {isPartial ? "at least " : ""}
        {plural(traces, isOfSessions ? "conversation" : "trace")} that match. Those it has scored are not scored again.
      </p>
      <p className="mt-1 text-xs text-ink-2">
        {usesModel ? (usd === null ? "The cost is unknown: it has scored nothing with a price yet. " : `About ${formatUsd(usd)}. `) : "It costs nothing. "}
        {ms === null ? "How long it takes is unknown." : `About ${formatDuration(ms)}.`}
      </p>
    </>
  );
}

import { useMutation, useQuery } from "@tanstack/react-query";
import type { ScorerOut } from "@telltale/model/api";
import { useState } from "react";
import { changeScorer, scorerHealthQuery, startScorer } from "../../api/scorers.ts";
import { Button } from "../../components/Button.tsx";
import { Dialog } from "../../components/Dialog.tsx";
import { toast } from "../../components/toast.tsx";
import { filterMistake } from "../dashboards/filter-mistake.ts";
import { runOf, type RunDraft } from "./scorer-draft.ts";
import { RunFields } from "./RunFields.tsx";
import { useScorersRefresh } from "./use-scorer-actions.ts";

/** How a registered scorer runs: changed while it does, or said when it starts. */
export function RunDialog({ scorer, onClose }: { scorer: ScorerOut; onClose: () => void }) {
  const refresh = useScorersRefresh();
  const health = useQuery(scorerHealthQuery(scorer)).data;
  const isOn = scorer.state === "running";
  const [draft, setDraft] = useState<RunDraft>(() => ({
    rate: String(Math.round((scorer.sample_rate > 0 ? scorer.sample_rate : 1) * 1e6) / 1e4),
    filter: scorer.filter ?? "",
    budget: scorer.daily_budget_usd === null ? "" : String(scorer.daily_budget_usd),
  }));
  const made = runOf(draft);
  const mistake = filterMistake(draft.filter);
  const save = useMutation({
    mutationFn: async () => {
      if ("problem" in made) throw new Error(made.problem);
      const { run } = made;
      await (isOn ? changeScorer(scorer, { ...run, filter: run.filter ?? null }) : startScorer(scorer, run));
    },
    onSuccess: async () => {
      await refresh();
      toast(isOn ? `${scorer.name} is changed` : `${scorer.name} scores new traces from now on`);
      onClose();
    },
  });
  const usdPer1000 = health === undefined || health.cost_usd === null || health.scored === 0 ? undefined : (health.cost_usd / health.scored) * 1000;
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={isOn ? `How ${scorer.name} runs` : `Start ${scorer.name}`}
      className="max-w-xl! overflow-visible! max-md:top-4!"
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (mistake === undefined) save.mutate();
        }}
      >
        <div className="px-4 pb-4">
          <RunFields
            draft={draft}
            onChange={(change) => setDraft({ ...draft, ...change })}
            projectId={scorer.project_id}
            costs={scorer.uses_model}
            usdPer1000={usdPer1000}
          />
        </div>
        <footer className="flex items-center justify-end gap-2 border-t border-line px-4 py-3">
          {save.isError ? (
            <p role="alert" className="mr-auto min-w-0 text-xs break-words text-error">
              {save.error.message}
            </p>
          ) : null}
          <Button variant="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" variant="primary" disabled={save.isPending || mistake !== undefined}>
            {isOn ? "Save" : "Start"}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}

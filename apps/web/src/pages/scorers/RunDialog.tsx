import { useMutation, useQuery } from "@tanstack/react-query";
import type { ScorerOut } from "@telltale/model/api";
import { useState } from "react";
import { changeScorer, scorerHealthQuery, startScorer } from "../../api/scorers.ts";
import { Dialog } from "../../components/Dialog.tsx";
import { FormFooter } from "../../components/FormFooter.tsx";
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
        <FormFooter problem={save.error?.message} action={isOn ? "Save" : "Start"} isDisabled={save.isPending || mistake !== undefined} onCancel={onClose} />
      </form>
    </Dialog>
  );
}

import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ScorerOut } from "@telltale/model/api";
import { deleteScorer, startScorer, stopScorer } from "../../api/scorers.ts";
import { toast, toastError } from "../../components/toast.tsx";

/** Starts a stopped or mended scorer as it was, and stops a running one. */
export function useScorerSwitch(scorer: ScorerOut) {
  const refresh = useScorersRefresh();
  const isOn = scorer.state === "running";
  return useMutation({
    mutationFn: () =>
      isOn
        ? stopScorer(scorer)
        : startScorer(scorer, {
            sample_rate: scorer.sample_rate > 0 ? scorer.sample_rate : 1,
            daily_budget_usd: scorer.daily_budget_usd,
            ...(scorer.filter === null ? {} : { filter: scorer.filter }),
          }),
    onSuccess: async () => {
      await refresh();
      toast(isOn ? `${scorer.name} scores no more` : `${scorer.name} scores new traces from now on`);
    },
    onError: toastError,
  });
}

export function useScorerRemoval(scorer: ScorerOut, onDone: () => unknown) {
  const refresh = useScorersRefresh();
  return useMutation({
    mutationFn: () => deleteScorer(scorer),
    onSuccess: async () => {
      await onDone();
      await refresh();
      toast(`${scorer.name} is deleted; its scores stay`);
    },
    onError: toastError,
  });
}

/** After a change: lists, details and health are read again. */
export function useScorersRefresh(): () => Promise<unknown> {
  const queries = useQueryClient();
  return () => Promise.all([queries.invalidateQueries({ queryKey: ["scorers"] }), queries.invalidateQueries({ queryKey: ["scorer-health"] })]);
}

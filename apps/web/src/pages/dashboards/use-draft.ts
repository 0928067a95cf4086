import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { DashboardOut } from "@telltale/model/api";
import { useCallback, useState } from "react";
import { ApiError } from "../../api/client.ts";
import { changeDashboard, dashboardQuery } from "../../api/dashboards.ts";
import { toast, toastError } from "../../components/toast.tsx";

/** What of a dashboard can be edited. */
export type Editable = Pick<DashboardOut, "name" | "description" | "project_id" | "time" | "filter" | "refresh_s" | "tiles">;

export interface Draft {
  now: Editable;
  isDirty: boolean;
  canUndo: boolean;
  change: (next: Partial<Editable>) => void;
  undo: () => void;
  /** Back to what is saved. */
  discard: () => void;
  save: () => void;
  isSaving: boolean;
  /** Somebody else saved since: nothing of theirs is overwritten unasked. */
  hasConflict: boolean;
  saveOverTheirs: () => void;
  takeTheirs: () => void;
}

const MAX_UNDO = 50;

/** The unsaved changes to a dashboard, step by step, and their way to the server. */
export function useDraft(saved: DashboardOut, onSaved: () => void): Draft {
  const client = useQueryClient();
  /** Oldest first; the last one is shown. Empty: nothing was changed. */
  const [steps, setSteps] = useState<readonly Editable[]>([]);
  // The version that was read when editing began: a refresh in between must not make a conflict invisible.
  const [base, setBase] = useState<DashboardOut | undefined>();
  const [hasConflict, setConflict] = useState(false);
  const origin = base ?? saved;
  const now = steps.at(-1) ?? editable(origin);
  const reset = useCallback(() => {
    setSteps([]);
    setBase(undefined);
    setConflict(false);
  }, []);
  const save = useMutation({
    mutationFn: (version: number) => changeDashboard(saved.id, { version, ...now }),
    onSuccess: async (written) => {
      client.setQueryData(dashboardQuery(saved.id).queryKey, written);
      await client.invalidateQueries({ queryKey: ["dashboards"] });
      reset();
      onSaved();
      toast(`“${written.name}” is saved`);
    },
    onError: (error) => (error instanceof ApiError && error.code === "version_conflict" ? setConflict(true) : toastError(error)),
  });
  const theirs = (): Promise<DashboardOut> => client.fetchQuery({ ...dashboardQuery(saved.id), staleTime: 0 });
  return {
    now,
    isDirty: steps.length > 0,
    canUndo: steps.length > 0,
    change: (next) => {
      setBase(origin);
      setSteps([...steps.slice(1 - MAX_UNDO), { ...now, ...next }]);
    },
    undo: () => setSteps(steps.slice(0, -1)),
    discard: reset,
    save: () => save.mutate(origin.version),
    isSaving: save.isPending,
    hasConflict,
    saveOverTheirs: () => void theirs().then((read) => save.mutate(read.version), toastError),
    takeTheirs: () => void theirs().then(reset, toastError),
  };
}

export function editable({ name, description, project_id, time, filter, refresh_s, tiles }: DashboardOut): Editable {
  return { name, description, project_id, time, filter, refresh_s, tiles };
}

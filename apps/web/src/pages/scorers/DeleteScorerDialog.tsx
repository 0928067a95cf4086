import type { ScorerOut } from "@telltale/model/api";
import { DeleteDialog } from "../../components/DeleteDialog.tsx";
import { useScorerRemoval } from "./use-scorer-actions.ts";

export function DeleteScorerDialog({ scorer, onClose, onDeleted }: { scorer: ScorerOut; onClose: () => void; onDeleted: () => unknown }) {
  const remove = useScorerRemoval(scorer, onDeleted);
  return (
    <DeleteDialog
      name={scorer.name}
      consequence="All its versions go, and nothing is scored by it any more. The scores it gave stay on their traces."
      isPending={remove.isPending}
      onDelete={remove.mutate}
      onClose={onClose}
    />
  );
}

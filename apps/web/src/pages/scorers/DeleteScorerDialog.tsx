import type { ScorerOut } from "@telltale/model/api";
import { Button } from "../../components/Button.tsx";
import { Dialog } from "../../components/Dialog.tsx";
import { useScorerRemoval } from "./use-scorer-actions.ts";

export function DeleteScorerDialog({ scorer, onClose, onDeleted }: { scorer: ScorerOut; onClose: () => void; onDeleted: () => unknown }) {
  const remove = useScorerRemoval(scorer, onDeleted);
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`Delete ${scorer.name}?`}
      description="All its versions go, and nothing is scored by it any more. The scores it gave stay on their traces."
    >
      <div className="flex justify-end gap-2 px-4 pb-4">
        <Button variant="ghost" onClick={onClose}>
          Cancel
        </Button>
        <Button variant="danger" disabled={remove.isPending} onClick={() => remove.mutate()}>
          Delete
        </Button>
      </div>
    </Dialog>
  );
}

import { Button } from "./Button.tsx";
import { Dialog } from "./Dialog.tsx";

interface DeleteDialogProps {
  name: string;
  /** What goes with it, and what stays. */
  consequence: string;
  isPending: boolean;
  onDelete: () => void;
  onClose: () => void;
  open?: boolean;
}

/** Asks before something is deleted for good. */
export function DeleteDialog({ name, consequence, isPending, onDelete, onClose, open = true }: DeleteDialogProps) {
  return (
    <Dialog open={open} onOpenChange={onClose} title={`Delete ${name}?`} description={consequence}>
      <div className="flex justify-end gap-2 px-4 pb-4">
        <Button variant="ghost" onClick={onClose}>
          Cancel
        </Button>
        <Button variant="danger" disabled={isPending} onClick={() => onDelete()}>
          Delete
        </Button>
      </div>
    </Dialog>
  );
}

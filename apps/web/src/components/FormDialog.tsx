import type { ReactNode } from "react";
import { Dialog } from "./Dialog.tsx";
import { FormFooter } from "./FormFooter.tsx";

export interface FormDialogProps {
  title: string;
  description?: string;
  /** What is wrong, in one sentence. */
  problem: string | undefined;
  /** What the form does: the word on its button. */
  action: string;
  isDisabled: boolean;
  onSubmit: () => void;
  onClose: () => void;
  /** Fields of the form, in two columns where there is room. */
  children: ReactNode;
}

/** A form in a dialog: its fields scroll where they must, and what it does stays in sight. */
export function FormDialog({ title, description, problem, action, isDisabled, onSubmit, onClose, children }: FormDialogProps) {
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={title}
      {...(description === undefined ? {} : { description })}
      className="max-w-xl! max-md:top-4! max-md:max-h-[94dvh]!"
    >
      <form
        className="flex min-h-0 flex-col"
        // What is missing is said in a sentence of ours, the same in every browser.
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        <div className="grid min-h-0 gap-x-4 gap-y-3.5 overflow-y-auto px-4 pb-4 sm:grid-cols-2">{children}</div>
        <FormFooter problem={problem} action={action} isDisabled={isDisabled} onCancel={onClose} />
      </form>
    </Dialog>
  );
}

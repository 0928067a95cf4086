import { Button } from "./Button.tsx";

interface FormFooterProps {
  /** What is wrong, in one sentence. */
  problem: string | undefined;
  /** What the form does. */
  action: string;
  isDisabled: boolean;
  onCancel: () => void;
}

/** The end of a form in a dialog: what is wrong, cancel, and the action. */
export function FormFooter({ problem, action, isDisabled, onCancel }: FormFooterProps) {
  return (
    <footer className="flex shrink-0 items-center justify-end gap-2 border-t border-line px-4 py-3">
      {problem === undefined ? null : (
        <p role="alert" className="mr-auto min-w-0 text-xs break-words text-error">
          {problem}
        </p>
      )}
      <Button variant="ghost" onClick={onCancel}>
        Cancel
      </Button>
      <Button type="submit" variant="primary" disabled={isDisabled}>
        {action}
      </Button>
    </footer>
  );
}

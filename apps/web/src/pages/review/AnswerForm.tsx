import type { ReviewQuestion, ReviewValue } from "@telltale/model/api";
import { clsx } from "clsx";
import { Check } from "lucide-react";
import { useState } from "react";
import { AnswerField, pressed } from "../../components/answer/AnswerField.tsx";
import { isSeveral, optionsOf, readAnswer, type Typed, typedOf } from "../../components/answer/answer.ts";
import { Button } from "../../components/Button.tsx";
import { Field, fieldLook } from "../../components/form.tsx";
import { modKey, useHotkeys } from "../../shell/hotkeys.ts";

export interface AnswerFormProps {
  question: ReviewQuestion;
  /** What was said before, in this sitting. */
  said: ReviewValue | undefined;
  isBusy: boolean;
  onAnswer: (value: ReviewValue, rationale: string) => void;
}

/** One question about one trace: a key or a press answers it; what is typed or several are sent with a button. */
export function AnswerForm({ question, said, isBusy, onAnswer }: AnswerFormProps) {
  const { answer } = question;
  const [rationale, setRationale] = useState("");
  const [typed, setTyped] = useState<Typed>(() => typedOf(answer, said) ?? []);
  const options = optionsOf(answer);
  const isOnePress = options.length > 0 && !isSeveral(answer);
  const { value } = readAnswer(answer, typed);
  const send = (whole: ReviewValue | undefined): void => {
    if (whole !== undefined && !isBusy) onAnswer(whole, rationale);
  };
  const type = (next: Typed): void => {
    if (!isOnePress) return setTyped(next);
    // A second press of the answer that was given says it again.
    send(readAnswer(answer, next.length === 0 ? typed : next).value);
  };
  useHotkeys(
    Object.fromEntries(options.flatMap((option) => option.keys.map((key) => [key, () => (isBusy ? undefined : type(pressed(answer, typed, option)))]))),
  );
  return (
    <form
      aria-label={question.name}
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        send(value);
      }}
      onKeyDown={(event) => {
        if (event.key !== "Enter" || !(event.metaKey || event.ctrlKey) || isOnePress) return;
        event.preventDefault();
        send(value);
      }}
    >
      <div>
        <h2 className="text-md font-semibold tracking-[-0.01em] break-words">{question.name}</h2>
        {question.instruction === "" ? null : <p className="mt-0.5 text-pretty break-words whitespace-pre-wrap text-ink-2">{question.instruction}</p>}
      </div>
      {question.comment ? (
        <Field label={isOnePress ? "Why (optional, before you answer)" : "Why (optional)"}>
          <textarea
            rows={2}
            maxLength={20_000}
            value={rationale}
            onChange={(event) => setRationale(event.target.value)}
            className={clsx(fieldLook, "h-auto! py-1.5")}
          />
        </Field>
      ) : null}
      <AnswerField name="Your answer" answer={answer} typed={typed} onType={type} hasKeys isDisabled={isBusy} />
      {isOnePress ? null : (
        <Button type="submit" variant="primary" disabled={value === undefined || isBusy}>
          <Check /> Save and go on{" "}
          <kbd className="border-transparent! bg-transparent! text-inherit! max-md:hidden">{answer.kind === "number" ? "↵" : `${modKey} ↵`}</kbd>
        </Button>
      )}
    </form>
  );
}

import type { ReviewQuestion, ReviewValue } from "@telltale/model/api";
import { clsx } from "clsx";
import { Check } from "lucide-react";
import { useState } from "react";
import { Button } from "../../components/Button.tsx";
import { Field, fieldLook } from "../../components/form.tsx";
import { useHotkeys } from "../../shell/hotkeys.ts";
import { optionsOf, typedValue, type AnswerOption } from "./answer-keys.ts";

export interface AnswerFormProps {
  question: ReviewQuestion;
  /** What was said before, in this sitting. */
  said: ReviewValue | undefined;
  isBusy: boolean;
  onAnswer: (value: ReviewValue, rationale: string) => void;
}

/** One question about one trace: a key or a press answers it; what cannot be pressed is typed. */
export function AnswerForm({ question, said, isBusy, onAnswer }: AnswerFormProps) {
  const { answer } = question;
  const [rationale, setRationale] = useState("");
  const [typed, setTyped] = useState(typeof said === "string" || typeof said === "number" ? String(said) : "");
  const [several, setSeveral] = useState<readonly string[]>(Array.isArray(said) ? said : []);
  const options = optionsOf(answer);
  const isSeveral = answer.kind === "categories" && answer.multiple === true;
  const whole: ReviewValue | undefined = isSeveral ? (several.length === 0 ? undefined : [...several]) : typedValue(answer, typed);
  const submit = (): void => {
    if (whole !== undefined && !isBusy) onAnswer(whole, rationale);
  };
  const press = ({ value }: AnswerOption): void => {
    if (!isSeveral) onAnswer(value, rationale);
    else if (typeof value === "string") setSeveral(several.includes(value) ? several.filter((one) => one !== value) : [...several, value]);
  };
  useHotkeys(Object.fromEntries(options.flatMap((option) => option.keys.map((key) => [key, () => (isBusy ? undefined : press(option))]))));
  return (
    <form
      aria-label={question.name}
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <div>
        <h2 className="text-md font-semibold tracking-[-0.01em] break-words">{question.name}</h2>
        {question.instruction === "" ? null : <p className="mt-0.5 text-pretty break-words whitespace-pre-wrap text-ink-2">{question.instruction}</p>}
      </div>
      {question.comment ? (
        <Field label="Why (optional, before you answer)">
          <textarea
            rows={2}
            maxLength={20_000}
            value={rationale}
            onChange={(event) => setRationale(event.target.value)}
            className={clsx(fieldLook, "h-auto! py-1.5")}
          />
        </Field>
      ) : null}
      {options.length === 0 ? (
        <Field label={answer.kind === "number" ? `A number${rangeText(answer)}` : "Your answer"}>
          {answer.kind === "number" ? (
            <input inputMode="decimal" autoFocus value={typed} onChange={(event) => setTyped(event.target.value)} className={clsx(fieldLook, "num")} />
          ) : (
            <textarea
              rows={4}
              autoFocus
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
              onKeyDown={(event) => {
                if (event.key !== "Enter" || !(event.metaKey || event.ctrlKey)) return;
                event.preventDefault();
                submit();
              }}
              className={clsx(fieldLook, "h-auto! py-1.5")}
            />
          )}
        </Field>
      ) : (
        <div
          role="group"
          aria-label="Answers"
          className={clsx("grid gap-2", answer.kind === "boolean" ? "grid-cols-2" : answer.kind === "number" ? "grid-cols-5" : "grid-cols-1")}
        >
          {options.map((option) => (
            <OptionButton
              key={option.label}
              option={option}
              isChosen={isSeveral ? several.includes(option.label) : said === option.value}
              isDisabled={isBusy}
              onPress={() => press(option)}
            />
          ))}
        </div>
      )}
      {options.length === 0 || isSeveral ? (
        <Button type="submit" variant="primary" disabled={whole === undefined || isBusy}>
          <Check /> Save and go on
        </Button>
      ) : null}
    </form>
  );
}

const tones = {
  good: "aria-pressed:border-ok aria-pressed:bg-ok-soft aria-pressed:text-ok",
  bad: "aria-pressed:border-error aria-pressed:bg-error-soft aria-pressed:text-error",
  plain: "aria-pressed:border-accent aria-pressed:bg-accent-soft aria-pressed:text-accent-ink",
};

function OptionButton({ option, isChosen, isDisabled, onPress }: { option: AnswerOption; isChosen: boolean; isDisabled: boolean; onPress: () => void }) {
  return (
    <button
      type="button"
      aria-pressed={isChosen}
      disabled={isDisabled}
      onClick={onPress}
      className={clsx(
        "flex h-10 min-w-0 items-center gap-2 rounded-md border border-line-strong bg-surface px-3 font-medium shadow-sm transition-colors hover:bg-hover disabled:opacity-60",
        tones[option.tone],
      )}
    >
      <span className="min-w-0 grow truncate text-left">{option.label}</span>
      {option.keys[0] === undefined || option.label === option.keys[0] ? null : <kbd className="max-md:hidden">{option.keys[0]}</kbd>}
    </button>
  );
}

function rangeText({ min, max }: { min?: number | undefined; max?: number | undefined }): string {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`;
  return min !== undefined ? `, ${min} at least` : max !== undefined ? `, ${max} at most` : "";
}

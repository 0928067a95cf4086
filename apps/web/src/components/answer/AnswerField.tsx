import type { ReviewAnswer } from "@telltale/model/api";
import { clsx } from "clsx";
import { ThumbsDown, ThumbsUp } from "lucide-react";
import { fieldLook } from "../form.tsx";
import { type AnswerOption, isSeveral, optionsOf, rangeText, readAnswer, type Typed } from "./answer.ts";

export interface AnswerFieldProps {
  /** What is asked: the name of the control. */
  name: string;
  answer: ReviewAnswer;
  typed: Typed;
  onType: (typed: Typed) => void;
  /** Where one answers by keys, they stand on the buttons, and a field that is typed into has the focus. */
  hasKeys?: boolean;
  isDisabled?: boolean;
}

/** The answer to one question, given in the way that it asks for: buttons where a press says all, a field where it is typed. */
export function AnswerField({ name, answer, typed, onType, hasKeys = false, isDisabled = false }: AnswerFieldProps) {
  const options = optionsOf(answer);
  const { problem } = readAnswer(answer, typed);
  const shared = { "aria-label": name, autoFocus: hasKeys, value: typed[0] ?? "" };
  if (options.length > 0)
    return (
      <div role="group" aria-label={name} className={clsx("grid gap-2", columnsOf(answer, options))}>
        {options.map((option) => (
          <OptionButton
            key={option.label}
            option={option}
            hasKey={hasKeys && option.keys[0] !== option.label}
            isChosen={typed.includes(option.typed)}
            isDisabled={isDisabled}
            onPress={() => onType(pressed(answer, typed, option))}
          />
        ))}
      </div>
    );
  return (
    <div className="flex flex-col gap-1">
      {answer.kind === "number" ? (
        <div className="flex items-center gap-2">
          <input {...shared} inputMode="decimal" onChange={(event) => onType([event.target.value])} className={clsx(fieldLook, "num max-w-40")} />
          <span className="text-xs text-ink-3">{`a number${rangeText(answer)}`}</span>
        </div>
      ) : (
        <textarea
          {...shared}
          rows={4}
          maxLength={answer.kind === "text" ? answer.max_length : undefined}
          onChange={(event) => onType([event.target.value])}
          className={clsx(fieldLook, "h-auto! py-1.5")}
        />
      )}
      {problem === undefined ? null : (
        <p role="alert" className="text-xs text-error">
          {problem}
        </p>
      )}
    </div>
  );
}

/** What is down after a press: of several each by itself, else the one; a second press takes it back. */
export function pressed(answer: ReviewAnswer, typed: Typed, { typed: word }: AnswerOption): Typed {
  if (typed.includes(word)) return typed.filter((other) => other !== word);
  return isSeveral(answer) ? [...typed, word] : [word];
}

/** Long words get a line each, short ones stand side by side. */
function columnsOf(answer: ReviewAnswer, options: readonly AnswerOption[]): string {
  if (answer.kind === "boolean") return "grid-cols-2";
  if (answer.kind === "number") return "grid-cols-5";
  return options.every(({ label }) => label.length <= 14) ? "grid-cols-2" : "grid-cols-1";
}

const looks = {
  good: { icon: ThumbsUp, tone: "aria-pressed:border-ok aria-pressed:bg-ok-soft aria-pressed:text-ok" },
  bad: { icon: ThumbsDown, tone: "aria-pressed:border-error aria-pressed:bg-error-soft aria-pressed:text-error" },
  plain: { icon: undefined, tone: "aria-pressed:border-accent aria-pressed:bg-accent-soft aria-pressed:text-accent-ink" },
} as const;

interface OptionButtonProps {
  option: AnswerOption;
  hasKey: boolean;
  isChosen: boolean;
  isDisabled: boolean;
  onPress: () => void;
}

function OptionButton({ option: { label, keys, tone }, hasKey, isChosen, isDisabled, onPress }: OptionButtonProps) {
  const { icon: Icon, tone: look } = looks[tone];
  return (
    <button
      type="button"
      aria-pressed={isChosen}
      disabled={isDisabled}
      title={label.length > 14 ? label : undefined}
      onClick={onPress}
      className={clsx(
        "flex h-10 min-w-0 items-center gap-2 rounded-md border border-line-strong bg-surface px-3 font-medium shadow-sm transition-colors hover:bg-hover disabled:opacity-60",
        look,
      )}
    >
      {Icon === undefined ? null : <Icon className="size-4 shrink-0" aria-hidden />}
      <span className="num min-w-0 grow truncate text-left">{label}</span>
      {hasKey && keys[0] !== undefined ? <kbd className="max-md:hidden">{keys[0]}</kbd> : null}
    </button>
  );
}

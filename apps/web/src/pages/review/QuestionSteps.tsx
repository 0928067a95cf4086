import type { ReviewQuestion } from "@telltale/model/api";
import { clsx } from "clsx";
import { Check } from "lucide-react";
import type { Visited } from "./use-labelling.ts";

interface QuestionStepsProps {
  questions: readonly ReviewQuestion[];
  /** Name of the one that is shown. */
  shown: string;
  said: Visited["said"];
  onPick: (name: string) => void;
}

/** Where one is among the questions about one trace; a press goes back to one that is answered, or ahead. */
export function QuestionSteps({ questions, shown, said, onPick }: QuestionStepsProps) {
  return (
    <div className="-mb-1 flex flex-col gap-1.5">
      <p className="num text-xs text-ink-3">
        Question {questions.findIndex(({ name }) => name === shown) + 1} of {questions.length}
      </p>
      <ol aria-label="Questions" className="flex gap-1">
        {questions.map(({ name }, index) => (
          <li key={name} className="min-w-0 grow">
            <button
              type="button"
              aria-label={`${index + 1}: ${name}${name in said ? ", answered" : ""}`}
              aria-current={name === shown ? "step" : undefined}
              title={name}
              onClick={() => onPick(name)}
              className={clsx(
                "num flex h-6 w-full items-center justify-center gap-1 rounded-sm text-2xs transition-colors hover:bg-hover",
                name === shown ? "bg-accent-soft font-medium text-accent-ink" : "bg-sunken text-ink-2",
              )}
            >
              {name in said ? <Check className="size-3 text-ok" aria-hidden /> : index + 1}
            </button>
          </li>
        ))}
      </ol>
    </div>
  );
}

import { useRef } from "react";
import { Choices, Field, fieldLook } from "../../components/form.tsx";
import { variables, type ScorerDraft } from "./scorer-draft.ts";

/** A judge of one's own words: the instructions, with what they may show, and the words it answers in. */
export function JudgeFields({ draft, onChange }: { draft: ScorerDraft; onChange: (change: Partial<ScorerDraft>) => void }) {
  const text = useRef<HTMLTextAreaElement>(null);
  const insert = (variable: string): void => {
    const field = text.current;
    const [from, to] = [field?.selectionStart ?? draft.instructions.length, field?.selectionEnd ?? draft.instructions.length];
    const written = `{{ ${variable} }}`;
    onChange({ instructions: draft.instructions.slice(0, from) + written + draft.instructions.slice(to) });
    requestAnimationFrame(() => {
      field?.focus();
      field?.setSelectionRange(from + written.length, from + written.length);
    });
  };
  return (
    <>
      <div>
        <Field label="Instructions">
          <textarea
            ref={text}
            rows={7}
            className={`${fieldLook} h-auto! py-1.5`}
            value={draft.instructions}
            maxLength={50_000}
            required
            placeholder="Does {{ outputs }} answer what {{ inputs }} asks, without blaming the customer?"
            onChange={(event) => onChange({ instructions: event.target.value })}
          />
        </Field>
        <div role="group" aria-label="Insert a variable" className="mt-1.5 flex flex-wrap gap-1">
          {variables.map(([name, meaning]) => (
            <button
              key={name}
              type="button"
              title={`Insert ${meaning}`}
              onClick={() => insert(name)}
              className="h-6 rounded-sm bg-hover px-1.5 font-mono text-2xs text-ink-2 hover:bg-pressed hover:text-ink"
            >
              {`{{ ${name} }}`}
            </button>
          ))}
        </div>
        <p className="mt-1 text-xs text-pretty text-ink-3">
          What a trace contains is shown apart from the instructions, as data. With <code className="font-mono">{"{{ conversation }}"}</code> whole
          conversations are judged; without any variable, inputs and outputs are shown.
        </p>
      </div>
      <Choices
        label="Answers"
        name="judge-answer"
        value={draft.answer}
        options={[
          ["boolean", "True or false"],
          ["number", "A number"],
          ["categories", "One of several words"],
        ]}
        onChange={(answer) => onChange({ answer })}
      />
      {draft.answer === "number" ? (
        <div className="grid grid-cols-2 gap-4">
          <Field label="Lowest">
            <input
              className={`${fieldLook} num`}
              value={draft.min}
              inputMode="decimal"
              maxLength={12}
              onChange={(event) => onChange({ min: event.target.value })}
            />
          </Field>
          <Field label="Highest">
            <input
              className={`${fieldLook} num`}
              value={draft.max}
              inputMode="decimal"
              maxLength={12}
              onChange={(event) => onChange({ max: event.target.value })}
            />
          </Field>
        </div>
      ) : null}
      {draft.answer === "categories" ? (
        <Field label="Words, one a line">
          <textarea
            rows={3}
            className={`${fieldLook} h-auto! py-1.5`}
            value={draft.categories}
            maxLength={5_000}
            placeholder={"polite\nneutral\nrude"}
            onChange={(event) => onChange({ categories: event.target.value })}
          />
        </Field>
      ) : null}
    </>
  );
}

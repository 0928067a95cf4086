import { clsx } from "clsx";
import { AnswerField } from "../../components/answer/AnswerField.tsx";
import { fieldLook } from "../../components/form.tsx";
import type { FreeDraft, ValueKind } from "./feedback-value.ts";

const thumb = { kind: "boolean", pass: "Good", fail: "Bad" } as const;

/** What somebody says under a name and in a kind of their own choice. */
export function FreeFields({ draft, isNew, onChange }: { draft: FreeDraft; isNew: boolean; onChange: (draft: FreeDraft) => void }) {
  const { what, name, kind, typed } = draft;
  const set = (change: Partial<FreeDraft>): void => onChange({ ...draft, ...change });
  return (
    <>
      {isNew ? (
        <Choice
          label="What"
          options={[
            ["feedback", "Feedback"],
            ["expectation", "Expectation"],
          ]}
          value={what}
          onChange={(next) =>
            set(next === "expectation" ? { what: next, kind: "text", typed: "", name: name === "helpful" ? "expected_response" : name } : { what: next })
          }
        />
      ) : null}
      <label className="flex flex-col gap-1">
        <span className="text-xs text-ink-3">Name</span>
        <input required maxLength={250} value={name} onChange={(event) => set({ name: event.target.value })} className={fieldLook} />
      </label>
      <div className="flex flex-col gap-1">
        <span className="text-xs text-ink-3">Value</span>
        <Choice<ValueKind>
          label="Kind of value"
          options={[
            ["thumb", "Thumb"],
            ["number", "Number"],
            ["text", "Text"],
          ]}
          value={kind}
          onChange={(next) => set({ kind: next, typed: "" })}
        />
        {kind === "thumb" ? (
          <AnswerField
            name="Thumb"
            answer={thumb}
            typed={typed === "" ? [] : [typed === "up" ? "pass" : "fail"]}
            onType={([word]) => set({ typed: word === undefined ? "" : word === "pass" ? "up" : "down" })}
          />
        ) : kind === "number" ? (
          <input
            inputMode="decimal"
            aria-label="Number"
            value={typed}
            onChange={(event) => set({ typed: event.target.value })}
            className={clsx(fieldLook, "num max-w-40")}
            placeholder="0.8"
          />
        ) : (
          <textarea
            aria-label="Text"
            rows={3}
            value={typed}
            onChange={(event) => set({ typed: event.target.value })}
            className={clsx(fieldLook, "h-auto! py-1.5")}
            placeholder={what === "expectation" ? "What should have come out (text or JSON)" : "A verdict in words"}
          />
        )}
      </div>
    </>
  );
}

function Choice<T extends string>({
  label,
  options,
  value,
  onChange,
}: {
  label: string;
  options: readonly (readonly [T, string])[];
  value: T;
  onChange: (value: T) => void;
}) {
  return (
    <div role="group" aria-label={label} className="flex w-fit rounded-md bg-sunken p-0.5">
      {options.map(([key, text]) => (
        <button
          key={key}
          type="button"
          aria-pressed={value === key}
          onClick={() => onChange(key)}
          className="rounded-sm px-2.5 py-0.5 text-xs text-ink-2 aria-pressed:bg-raised aria-pressed:font-medium aria-pressed:text-ink aria-pressed:shadow-sm"
        >
          {text}
        </button>
      ))}
    </div>
  );
}

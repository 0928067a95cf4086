import { clsx } from "clsx";
import type { ReactNode } from "react";

export const fieldLook = "h-8 w-full min-w-0 rounded-md border border-line-strong bg-surface px-2.5 shadow-sm";

/** A field with its name above it. */
export function Field({ label, hint, className, children }: { label: string; hint?: ReactNode; className?: string; children: ReactNode }) {
  return (
    <label className={clsx("flex min-w-0 flex-col gap-1", className)}>
      <span className="text-xs text-ink-3">{label}</span>
      {children}
      {hint === undefined ? null : <span className="text-xs text-ink-3">{hint}</span>}
    </label>
  );
}

/** The same for several controls, or one that names itself. */
export function FieldGroup({ label, className, children }: { label: string; className?: string; children: ReactNode }) {
  return (
    <div role="group" aria-label={label} className={clsx("flex min-w-0 flex-col gap-1", className)}>
      <span aria-hidden className="text-xs text-ink-3">
        {label}
      </span>
      {children}
    </div>
  );
}

export interface Option {
  value: string;
  label: string;
}

export function Select({ label, value, options, onChange }: { label: string; value: string; options: readonly Option[]; onChange: (value: string) => void }) {
  return (
    <Field label={label}>
      <select className={fieldLook} value={value} onChange={(event) => onChange(event.target.value)}>
        {options.some((option) => option.value === value) ? null : <option value={value}>{value}</option>}
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </Field>
  );
}

/** Something that is so or not, with what it means below. */
export function Check({ label, hint, checked, onChange }: { label: string; hint?: string; checked: boolean; onChange: (checked: boolean) => void }) {
  return (
    <label className="flex min-w-0 cursor-pointer items-start gap-2">
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.target.checked)} className="mt-0.5 size-3.5 shrink-0 accent-accent" />
      <span className="min-w-0">
        <span className="block">{label}</span>
        {hint === undefined ? null : <span className="block text-xs text-ink-3">{hint}</span>}
      </span>
    </label>
  );
}

/** One of a few, side by side; arrows move between them. */
export function Choices<Value extends string>({
  label,
  name,
  value,
  options,
  onChange,
  isLabelHidden = false,
}: {
  label: string;
  /** Only screen readers say it: what the choices are about can be seen. */
  isLabelHidden?: boolean;
  /** Unique among the groups of the form. */
  name: string;
  value: Value;
  options: readonly (readonly [Value, string])[];
  onChange: (value: Value) => void;
}) {
  return (
    <fieldset className="min-w-0">
      <legend className={isLabelHidden ? "sr-only" : "mb-1 text-xs text-ink-3"}>{label}</legend>
      <div className="flex flex-wrap gap-1.5">
        {options.map(([key, text]) => (
          <label
            key={key}
            className={clsx(
              "flex h-8 cursor-pointer items-center rounded-md border px-2.5 has-focus-visible:outline-2 has-focus-visible:outline-ring",
              value === key ? "border-accent bg-accent-soft text-accent-ink" : "border-line-strong hover:bg-hover",
            )}
          >
            <input type="radio" name={name} checked={value === key} onChange={() => onChange(key)} className="sr-only" />
            {text}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

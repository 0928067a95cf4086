import type { ReactNode } from "react";

export const fieldLook = "h-8 w-full min-w-0 rounded-md border border-line-strong bg-surface px-2.5 shadow-sm";

/** A field with its name above it. */
export function Field({ label, hint, children }: { label: string; hint?: string; children: ReactNode }) {
  return (
    <label className="flex min-w-0 flex-col gap-1">
      <span className="text-xs text-ink-3">{label}</span>
      {children}
      {hint === undefined ? null : <span className="text-xs text-ink-3">{hint}</span>}
    </label>
  );
}

/** The same for several controls, or one that names itself. */
export function FieldGroup({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div role="group" aria-label={label} className="flex min-w-0 flex-col gap-1">
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

import { clsx } from "clsx";
import { Field, fieldLook } from "../../components/form.tsx";

interface QueueFieldProps {
  value: string;
  onChange: (value: string) => void;
}

/** What a queue is called. */
export function NameField({ value, onChange }: QueueFieldProps) {
  return (
    <Field label="Name" className="sm:col-span-2">
      <input className={fieldLook} value={value} maxLength={250} required autoFocus onChange={(event) => onChange(event.target.value)} />
    </Field>
  );
}

/** How narrow the interval of its rate is to be. */
export function IntervalField({ value, onChange }: QueueFieldProps) {
  return (
    <Field label="Wanted interval (± percent)">
      <input className={clsx(fieldLook, "num")} inputMode="decimal" required value={value} onChange={(event) => onChange(event.target.value)} />
    </Field>
  );
}

import { Field, FieldGroup, fieldLook } from "../../components/form.tsx";
import { linesOf, type ParameterField, type TypedParameters } from "./parameter-fields.ts";

export interface ParameterInputsProps {
  fields: readonly ParameterField[];
  typed: TypedParameters;
  onChange: (typed: TypedParameters) => void;
}

/** A form for the parameters of a built-in scorer, as its JSON schema describes them. */
export function ParameterInputs({ fields, typed, onChange }: ParameterInputsProps) {
  return fields.map((field) => (
    <ParameterInput key={field.name} field={field} value={typed[field.name] ?? ""} onChange={(value) => onChange({ ...typed, [field.name]: value })} />
  ));
}

function ParameterInput({ field, value, onChange }: { field: ParameterField; value: string; onChange: (value: string) => void }) {
  const { kind, isRequired, fallback, options } = field;
  const label = `${field.label}${isRequired ? "" : " (optional)"}`;
  const unsaid = fallback === "" ? "not said" : fallback;
  switch (kind) {
    case "lines":
    case "json":
      return (
        <Field label={`${label}${kind === "lines" ? ", one a line" : ", JSON"}`}>
          <textarea
            rows={kind === "lines" ? 4 : 2}
            className={`${fieldLook} h-auto! py-1.5 ${kind === "json" ? "font-mono text-xs" : ""}`}
            value={value}
            maxLength={20_000}
            spellCheck={kind === "lines"}
            onChange={(event) => onChange(event.target.value)}
          />
        </Field>
      );
    case "boolean":
    case "choice":
      return (
        <Field label={label}>
          <select className={fieldLook} value={value} onChange={(event) => onChange(event.target.value)}>
            <option value="">{kind === "boolean" ? (fallback === "true" ? "yes" : fallback === "false" ? "no" : unsaid) : unsaid}</option>
            {(kind === "boolean" ? ["true", "false"] : options)
              .filter((option) => option !== fallback)
              .map((option) => (
                <option key={option} value={option}>
                  {kind === "boolean" ? (option === "true" ? "yes" : "no") : option}
                </option>
              ))}
          </select>
        </Field>
      );
    case "choices": {
      const chosen = new Set(linesOf(value));
      return (
        <FieldGroup label={`${label}; none chosen means all`}>
          <div className="flex flex-wrap gap-x-4 gap-y-1">
            {options.map((option) => (
              <label key={option} className="flex cursor-pointer items-center gap-1.5">
                <input
                  type="checkbox"
                  className="size-3.5 accent-accent"
                  checked={chosen.has(option)}
                  onChange={(event) => onChange(options.filter((one) => (one === option ? event.target.checked : chosen.has(one))).join("\n"))}
                />
                {option.replaceAll("_", " ")}
              </label>
            ))}
          </div>
        </FieldGroup>
      );
    }
    default:
      return (
        <Field label={label}>
          <input
            className={`${fieldLook} ${kind === "text" ? "font-mono text-xs" : "num"}`}
            value={value}
            maxLength={10_000}
            inputMode={kind === "text" ? "text" : "decimal"}
            spellCheck={false}
            autoComplete="off"
            placeholder={fallback}
            onChange={(event) => onChange(event.target.value)}
          />
        </Field>
      );
  }
}

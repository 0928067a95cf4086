import type { LabelInput } from "@telltale/model/api";
import { clsx } from "clsx";
import { ThumbsDown, ThumbsUp } from "lucide-react";
import { Button } from "../../components/Button.tsx";
import { Check, fieldLook } from "../../components/form.tsx";
import { rangeText } from "../labels/label-draft.ts";
import type { Typed } from "./label-value.ts";

export interface LabelFieldProps {
  name: string;
  input: LabelInput;
  typed: Typed;
  onType: (typed: Typed) => void;
}

/** The answer to a label schema, given in the way it asks for. */
export function LabelField({ name, input, typed, onType }: LabelFieldProps) {
  switch (input.kind) {
    case "pass_fail":
      return <ThumbButtons label={name} up={input.positive_label} down={input.negative_label} value={typed[0]} onChange={(value) => onType([value])} />;
    case "categorical":
      return input.multi_select ? (
        <div role="group" aria-label={name} className="flex flex-col gap-1.5">
          {input.options.map((option) => (
            <Check
              key={option}
              label={option}
              checked={typed.includes(option)}
              onChange={(isChosen) => onType(isChosen ? [...typed, option] : typed.filter((other) => other !== option))}
            />
          ))}
        </div>
      ) : (
        <select aria-label={name} className={fieldLook} value={typed[0] ?? ""} onChange={(event) => onType([event.target.value])}>
          <option value="">Choose…</option>
          {input.options.map((option) => (
            <option key={option} value={option}>
              {option}
            </option>
          ))}
        </select>
      );
    case "numeric":
      return (
        <label className="flex items-center gap-2">
          <input
            inputMode="decimal"
            aria-label={name}
            value={typed[0] ?? ""}
            onChange={(event) => onType([event.target.value])}
            className={clsx(fieldLook, "num max-w-40")}
          />
          <span className="text-xs text-ink-3">{rangeText(input).replace(/^,? /, "")}</span>
        </label>
      );
    case "text":
      return (
        <textarea
          rows={3}
          aria-label={name}
          maxLength={input.max_length ?? undefined}
          value={typed[0] ?? ""}
          onChange={(event) => onType([event.target.value])}
          className={clsx(fieldLook, "h-auto! py-1.5")}
        />
      );
  }
}

/** Good or bad, in words of one's own. */
export function ThumbButtons({
  label,
  up,
  down,
  value,
  onChange,
}: {
  label: string;
  up: string;
  down: string;
  value: string | undefined;
  onChange: (value: "pass" | "fail") => void;
}) {
  return (
    <div role="group" aria-label={label} className="flex flex-wrap gap-2">
      <Button aria-pressed={value === "pass"} onClick={() => onChange("pass")} className={clsx(value === "pass" && "border-ok! bg-ok-soft! text-ok!")}>
        <ThumbsUp /> {up}
      </Button>
      <Button aria-pressed={value === "fail"} onClick={() => onChange("fail")} className={clsx(value === "fail" && "border-error! bg-error-soft! text-error!")}>
        <ThumbsDown /> {down}
      </Button>
    </div>
  );
}

import type { AssessmentOut, LabelInput, LabelSchemaOut } from "@telltale/model/api";
import { rangeText } from "../labels/label-draft.ts";

/** What was pressed, ticked or typed: a word for a button, options, or one text. */
export type Typed = readonly string[];

/** The value to write; neither while nothing was said, and a sentence for what the schema does not take. */
export interface LabelReading {
  value?: boolean | number | string | string[];
  problem?: string;
}

export function readLabel(input: LabelInput, typed: Typed): LabelReading {
  const first = typed[0] ?? "";
  switch (input.kind) {
    case "pass_fail":
      return first === "" ? {} : { value: first === "pass" };
    case "categorical":
      if (first === "") return {};
      // In the order of the schema, whatever was ticked first.
      return { value: input.multi_select ? input.options.filter((option) => typed.includes(option)) : first };
    case "text":
      return first.trim() === "" ? {} : { value: first };
    case "numeric": {
      if (first.trim() === "") return {};
      const number = Number(first);
      const isWithin = Number.isFinite(number) && number >= (input.min ?? -Infinity) && number <= (input.max ?? Infinity);
      return isWithin ? { value: number } : { problem: `It takes a number${rangeText(input)}` };
    }
  }
}

/** How a stored value is edited; undefined when the schema does not take it. */
export function typedOf(input: LabelInput, value: unknown): Typed | undefined {
  switch (input.kind) {
    case "pass_fail":
      return typeof value === "boolean" ? [value ? "pass" : "fail"] : undefined;
    case "numeric":
      return typeof value === "number" ? [String(value)] : undefined;
    case "text":
      return typeof value === "string" ? [value] : undefined;
    case "categorical": {
      const chosen: readonly unknown[] = Array.isArray(value) ? value : [value];
      const options = input.options.filter((option) => chosen.includes(option));
      return Array.isArray(value) === input.multi_select && options.length === chosen.length ? options : undefined;
    }
  }
}

/** The schema that a label was given by, as far as its name, kind and value say; then it is edited in the same way. */
export function schemaOf(existing: Pick<AssessmentOut, "name" | "kind" | "value">, schemas: readonly LabelSchemaOut[]): LabelSchemaOut | undefined {
  return schemas.find((schema) => schema.name === existing.name && schema.type === existing.kind && typedOf(schema.input, existing.value) !== undefined);
}

import { LabelInput, type LabelSchemaType } from "@telltale/model/api";
import type { LabelSchema } from "@telltale/store";
import { z } from "zod";
import { Int64, maybe, parseRequest } from "./request.ts";

/** `LabelSchemaInput`: one of four, named by its key. */
export const WireInput = z
  .object({
    pass_fail: maybe(z.object({ positive_label: maybe(z.string()), negative_label: maybe(z.string()) })),
    categorical: maybe(z.object({ options: maybe(z.array(z.string())), multi_select: maybe(z.boolean()) })),
    numeric: maybe(z.object({ min_value: maybe(z.number()), max_value: maybe(z.number()) })),
    text: maybe(z.object({ max_length: maybe(Int64) })),
  })
  .refine((input) => Object.values(input).filter((one) => one !== undefined).length === 1, "must have exactly one of `pass_fail`, `categorical`, `numeric`, or `text` set"); // prettier-ignore
type WireInput = z.output<typeof WireInput>;

export const WireType = z.enum(["FEEDBACK", "EXPECTATION"]).transform((type) => type.toLowerCase() as LabelSchemaType);

/** Throws MLflow's INVALID_PARAMETER_VALUE for what no schema may ask. */
export function inputFromWire({ pass_fail: passFail, categorical, numeric, text }: WireInput): LabelInput {
  const input =
    passFail !== undefined
      ? { kind: "pass_fail", positive_label: passFail.positive_label ?? "", negative_label: passFail.negative_label ?? "" }
      : categorical !== undefined
        ? { kind: "categorical", options: categorical.options ?? [], multi_select: categorical.multi_select ?? false }
        : numeric !== undefined
          ? { kind: "numeric", min: numeric.min_value ?? null, max: numeric.max_value ?? null }
          : { kind: "text", max_length: text?.max_length ?? null };
  return parseRequest(z.object({ input: LabelInput }), { input }).input;
}

function inputToWire(input: LabelInput): unknown {
  switch (input.kind) {
    case "pass_fail":
      return { pass_fail: { positive_label: input.positive_label, negative_label: input.negative_label } };
    case "categorical":
      return { categorical: { options: input.options, multi_select: input.multi_select } };
    case "numeric":
      return { numeric: { min_value: input.min ?? undefined, max_value: input.max ?? undefined } };
    case "text":
      return { text: { max_length: input.max_length ?? undefined } };
  }
}

export function labelSchemaJson(schema: LabelSchema): unknown {
  return {
    schema_id: schema.id,
    experiment_id: schema.projectId,
    name: schema.name,
    type: schema.type.toUpperCase(),
    input: inputToWire(schema.input),
    instruction: schema.instruction === "" ? undefined : schema.instruction,
    enable_comment: schema.enableComment,
    created_at: schema.createdMs,
    last_updated_at: schema.updatedMs,
    is_default: schema.isDefault,
  };
}

import { z } from "zod";
import { Timestamp } from "./timestamp.ts";

/** The one that every project has from the first look; nobody changes or deletes it, and no other has its name. */
export const DEFAULT_LABEL_SCHEMA = { name: "Feedback", type: "feedback", instruction: "Share any feedback on this trace.", input: { kind: "text", max_length: null } } as const; // prettier-ignore

const Option = z.string().trim().min(1).max(64);
const Bound = z.number().nullable().default(null);

/** How a label is given. Its limits are those of MLflow's own server, so that a schema means the same to both. */
export const LabelInput = z.discriminatedUnion("kind", [
  z
    .strictObject({ kind: z.literal("pass_fail"), positive_label: Option, negative_label: Option })
    .refine((input) => input.positive_label !== input.negative_label, { error: "is the same as positive_label", path: ["negative_label"] }),
  z.strictObject({
    kind: z.literal("categorical"),
    options: z
      .array(Option)
      .min(1)
      .max(10)
      .refine((options) => new Set(options).size === options.length, "names an option twice"),
    /** Several options may be chosen: the value is a list. */
    multi_select: z.boolean().default(false),
  }),
  z
    .strictObject({ kind: z.literal("numeric"), min: Bound, max: Bound })
    .refine((input) => input.min === null || input.max === null || input.min < input.max, { error: "is not below max", path: ["min"] }),
  z.strictObject({ kind: z.literal("text"), max_length: z.number().int().min(1).max(1_000_000_000).nullable().default(null) }),
]);
export type LabelInput = z.infer<typeof LabelInput>;

const Name = z
  .string()
  .trim()
  .min(1)
  .max(250)
  .refine((name) => name.toLowerCase() !== DEFAULT_LABEL_SCHEMA.name.toLowerCase(), `is kept for the schema that every project has`);
const Instruction = z.string().max(1_000);

export const LabelSchemaType = z.enum(["feedback", "expectation"]);
export type LabelSchemaType = z.infer<typeof LabelSchemaType>;

/** POST /label-schemas. */
export const NewLabelSchema = z.strictObject({
  project_id: z.string().max(20).default("0"),
  /** Name under which labels are written. */
  name: Name,
  type: LabelSchemaType.default("feedback"),
  input: LabelInput,
  /** Shown to those who label. */
  instruction: Instruction.default(""),
  /** Asks for a reason beside the value. */
  enable_comment: z.boolean().default(false),
});
export type NewLabelSchema = z.infer<typeof NewLabelSchema>;

/** What labels exist already must stay readable: the type, the kind of input and `multi_select` stay as they are. */
export const LabelSchemaPatch = z.strictObject({
  name: Name.optional(),
  input: LabelInput.optional(),
  instruction: Instruction.optional(),
  enable_comment: z.boolean().optional(),
});
export type LabelSchemaPatch = z.infer<typeof LabelSchemaPatch>;

export const LabelSchemaOut = z.object({
  id: z.string(),
  project_id: z.string(),
  name: z.string(),
  type: LabelSchemaType,
  input: LabelInput,
  instruction: z.string(),
  enable_comment: z.boolean(),
  is_default: z.boolean(),
  created_at: Timestamp,
  updated_at: Timestamp,
});
export type LabelSchemaOut = z.infer<typeof LabelSchemaOut>;

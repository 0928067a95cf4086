import type { LabelInput, LabelSchemaOut, LabelSchemaPatch, LabelSchemaType, NewLabelSchema } from "@telltale/model/api";
import { rangeText } from "../../components/answer/answer.ts";
import { formatCount } from "../../format/number.ts";

export type InputKind = LabelInput["kind"];

export const kindNames: Readonly<Record<InputKind, string>> = { pass_fail: "Pass or fail", categorical: "Categories", numeric: "Number", text: "Text" };

/** The form's fields, as typed. */
export interface LabelDraft {
  name: string;
  type: LabelSchemaType;
  kind: InputKind;
  pass: string;
  fail: string;
  /** One option a line. */
  options: string;
  multiSelect: boolean;
  min: string;
  max: string;
  maxLength: string;
  instruction: string;
  comment: boolean;
}

export const emptyDraft: LabelDraft = {
  name: "",
  type: "feedback",
  kind: "pass_fail",
  pass: "Pass",
  fail: "Fail",
  options: "",
  multiSelect: false,
  min: "",
  max: "",
  maxLength: "",
  instruction: "",
  comment: true,
};

export function draftOf({ name, type, input, instruction, enable_comment: comment }: LabelSchemaOut): LabelDraft {
  const common = { ...emptyDraft, name, type, kind: input.kind, instruction, comment };
  switch (input.kind) {
    case "pass_fail":
      return { ...common, pass: input.positive_label, fail: input.negative_label };
    case "categorical":
      return { ...common, options: input.options.join("\n"), multiSelect: input.multi_select };
    case "numeric":
      return { ...common, min: input.min === null ? "" : String(input.min), max: input.max === null ? "" : String(input.max) };
    case "text":
      return { ...common, maxLength: input.max_length === null ? "" : String(input.max_length) };
  }
}

/** What is missing or wrong, in one sentence; undefined when it can be saved. */
export function problemOf(draft: LabelDraft): string | undefined {
  const [pass, fail, options] = [draft.pass.trim(), draft.fail.trim(), optionsOf(draft)];
  const [min, max, maxLength] = [numberOf(draft.min), numberOf(draft.max), numberOf(draft.maxLength)];
  if (draft.name.trim() === "") return "Give it a name: labels are written under it";
  if (draft.kind === "pass_fail") {
    if (pass === "" || fail === "") return "Both buttons need a word";
    return pass === fail ? "The two buttons say the same" : undefined;
  }
  if (draft.kind === "categorical") {
    if (options.length === 0 || options.length > 10) return "Write 1 to 10 options, one a line";
    if (options.some((option) => option.length > 64)) return "An option has at most 64 characters";
    return new Set(options).size < options.length ? "An option is there twice" : undefined;
  }
  if (draft.kind === "text")
    return maxLength === undefined || (maxLength !== null && !(Number.isInteger(maxLength) && maxLength >= 1))
      ? "The most characters are a whole number, or nothing"
      : undefined;
  if (min === undefined || max === undefined) return "Smallest and largest are numbers, or nothing";
  return min !== null && max !== null && min >= max ? "The smallest is not below the largest" : undefined;
}

/** Of a draft without a problem. */
export function newLabelSchemaOf(draft: LabelDraft, projectId: string): NewLabelSchema {
  return {
    project_id: projectId,
    name: draft.name.trim(),
    type: draft.type,
    input: inputOf(draft),
    instruction: draft.instruction.trim(),
    enable_comment: draft.comment,
  };
}

export function patchOf(draft: LabelDraft): LabelSchemaPatch {
  const { name, input, instruction, enable_comment } = newLabelSchemaOf(draft, "");
  return { name, input, instruction, enable_comment };
}

/** How it is answered, in a few words. */
export function inputText(input: LabelInput): string {
  switch (input.kind) {
    case "pass_fail":
      return `${input.positive_label} or ${input.negative_label}`;
    case "categorical":
      return `${input.multi_select ? "any of" : "one of"} ${input.options.join(", ")}`;
    case "numeric":
      return `a number${rangeText(input)}`;
    case "text":
      return input.max_length === null ? "a text" : `a text of at most ${formatCount(input.max_length)} characters`;
  }
}

function inputOf(draft: LabelDraft): LabelInput {
  switch (draft.kind) {
    case "pass_fail":
      return { kind: "pass_fail", positive_label: draft.pass.trim(), negative_label: draft.fail.trim() };
    case "categorical":
      return { kind: "categorical", options: optionsOf(draft), multi_select: draft.multiSelect };
    case "numeric":
      return { kind: "numeric", min: numberOf(draft.min) ?? null, max: numberOf(draft.max) ?? null };
    case "text":
      return { kind: "text", max_length: numberOf(draft.maxLength) ?? null };
  }
}

function optionsOf({ options }: LabelDraft): string[] {
  return options
    .split("\n")
    .map((option) => option.trim())
    .filter((option) => option !== "");
}

/** `null`: nothing was typed; `undefined`: it is no number. */
function numberOf(typed: string): number | null | undefined {
  if (typed.trim() === "") return null;
  const number = Number(typed);
  return Number.isFinite(number) ? number : undefined;
}

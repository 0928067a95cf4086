import type { ScoredTrace } from "./subject.ts";

/** Inputs or outputs as text: texts as they are, everything else as JSON. `""` = none. */
export function textOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

/** The answer a person would have read; the whole output where no answer can be told apart. */
export function answerOf(trace: ScoredTrace): string {
  return trace.response !== "" ? trace.response : textOf(trace.outputs);
}

/** What the person asked. */
export function requestOf(trace: ScoredTrace): string {
  return trace.request !== "" ? trace.request : textOf(trace.inputs);
}

export function asYesNo(isYes: boolean): "yes" | "no" {
  return isYes ? "yes" : "no";
}

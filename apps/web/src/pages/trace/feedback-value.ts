import type { AssessmentOut } from "@telltale/model/api";

export type ValueKind = "thumb" | "number" | "text";

/** The value a person entered. Undefined while it is not one yet; text that is JSON (an expectation) is taken as JSON. */
export function readValue(kind: ValueKind, typed: string): unknown {
  const text = typed.trim();
  if (text === "") return undefined;
  if (kind === "thumb") return text === "up" ? true : text === "down" ? false : undefined;
  if (kind === "number") {
    const number = Number(text);
    return Number.isFinite(number) ? number : undefined;
  }
  if (/^[[{]/.test(text)) {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      return typed; // text that begins with a bracket
    }
  }
  return typed;
}

/** How a stored value is edited. */
export function editorOf(value: unknown): { kind: ValueKind; typed: string } {
  if (typeof value === "boolean") return { kind: "thumb", typed: value ? "up" : "down" };
  if (typeof value === "number") return { kind: "number", typed: String(value) };
  return { kind: "text", typed: typeof value === "string" ? value : (JSON.stringify(value, null, 2) ?? "") };
}

/** What somebody is about to say without a label schema. */
export interface FreeDraft {
  what: "feedback" | "expectation";
  name: string;
  kind: ValueKind;
  typed: string;
}

export function freeDraftOf(existing: AssessmentOut | undefined): FreeDraft {
  if (existing === undefined) return { what: "feedback", name: "helpful", kind: "thumb", typed: "" };
  return { what: existing.kind === "expectation" ? "expectation" : "feedback", name: existing.name, ...editorOf(existing.value) };
}

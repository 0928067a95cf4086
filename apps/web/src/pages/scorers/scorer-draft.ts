import type { BuiltInScorerOut, ScorerDefinitionIn } from "@telltale/model/api";
import { linesOf, parametersOf, readFields, type TypedParameters } from "./parameter-fields.ts";

/** The form of a new scorer, as typed. What belongs to another kind stays while one looks around. */
export interface ScorerDraft {
  kind: ScorerDefinitionIn["kind"];
  name: string;
  className: string;
  parameters: TypedParameters;
  model: string;
  instructions: string;
  answer: "boolean" | "number" | "categories";
  min: string;
  max: string;
  /** One a line. */
  categories: string;
  source: string;
  level: "trace" | "session";
}

export const firstSource = `function score(subject) {
  // subject: request, response, inputs, outputs, expectations, documents,
  // tool_calls, spans, duration_ms, cost_usd; of a conversation: session_id, turns
  const words = subject.response.split(/\\s+/).length;
  return { value: words <= 120, rationale: \`\${words} words\` };
}
`;

export const newDraft: ScorerDraft = {
  kind: "builtin",
  name: "",
  className: "",
  parameters: {},
  model: "",
  instructions: "",
  answer: "boolean",
  min: "1",
  max: "5",
  categories: "",
  source: firstSource,
  level: "trace",
};

/** The variables that instructions can show, and what each of them is. */
export const variables = [
  ["inputs", "what the application was asked"],
  ["outputs", "what it answered"],
  ["expectations", "what people said it should answer"],
  ["trace", "every span"],
  ["conversation", "all turns of the session"],
] as const;

/** What is run and saved, or what is missing, in one sentence. */
export function definitionOf(draft: ScorerDraft, builtIns: readonly BuiltInScorerOut[]): { definition: ScorerDefinitionIn } | { problem: string } {
  const model = draft.model.trim() === "" ? {} : { model: draft.model.trim() };
  switch (draft.kind) {
    case "builtin": {
      const chosen = builtIns.find((scorer) => scorer.class === draft.className);
      if (chosen === undefined) return { problem: "Choose what is scored" };
      const read = parametersOf(readFields(chosen.parameters), draft.parameters);
      if ("problem" in read) return read;
      return { definition: { kind: "builtin", class: chosen.class, parameters: read.parameters, ...(chosen.uses_model ? model : {}) } };
    }
    case "judge": {
      if (draft.instructions.trim() === "") return { problem: "Say what the judge shall look at" };
      const answer = answerOf(draft);
      return "problem" in answer ? answer : { definition: { kind: "judge", instructions: draft.instructions, ...model, answer: answer.answer } };
    }
    case "code":
      return draft.source.trim() === ""
        ? { problem: "Write the function score(subject)" }
        : { definition: { kind: "code", source: draft.source, level: draft.level } };
  }
}

type Answer = Extract<ScorerDefinitionIn, { kind: "judge" }>["answer"];

function answerOf({ answer, min, max, categories }: ScorerDraft): { answer: Answer } | { problem: string } {
  if (answer === "boolean") return { answer: { kind: "boolean" } };
  if (answer === "number") {
    const [low, high] = [Number(min), Number(max)];
    const isRange = min.trim() !== "" && max.trim() !== "" && low < high;
    return isRange ? { answer: { kind: "number", min: low, max: high } } : { problem: "The lowest number must be below the highest" };
  }
  const values = [...new Set(linesOf(categories))];
  return values.length < 2 ? { problem: "A judge needs at least two words to choose from, one a line" } : { answer: { kind: "categories", values } };
}

/** Whether it asks a model, and so costs money. */
export function asksModel(draft: ScorerDraft, builtIns: readonly BuiltInScorerOut[]): boolean {
  return draft.kind === "judge" || (draft.kind === "builtin" && builtIns.find((scorer) => scorer.class === draft.className)?.uses_model === true);
}

/** `ResponseLength` → `response_length`: a name to begin with. */
export function nameFor(className: string): string {
  return className
    .replaceAll(/([a-z\d])([A-Z])/g, "$1_$2")
    .replaceAll(/([A-Z])([A-Z][a-z])/g, "$1_$2")
    .toLowerCase();
}

/** How a scorer runs, as typed. */
export interface RunDraft {
  /** In percent. */
  rate: string;
  filter: string;
  budget: string;
}

export const newRun: RunDraft = { rate: "100", filter: "", budget: "" };

export function runOf({
  rate,
  filter,
  budget,
}: RunDraft): { run: { sample_rate: number; filter?: string; daily_budget_usd: number | null } } | { problem: string } {
  const share = number(rate) / 100;
  if (!(share > 0 && share <= 1)) return { problem: "The sampling is a share above 0 and up to 100%" };
  const usd = budget.trim() === "" ? null : number(budget);
  if (usd !== null && !(usd >= 0 && usd <= 1_000_000)) return { problem: "The budget is an amount in US dollars, or empty" };
  return { run: { sample_rate: Math.round(share * 1e6) / 1e6, daily_budget_usd: usd, ...(filter.trim() === "" ? {} : { filter: filter.trim() }) } };
}

function number(text: string): number {
  return text.trim() === "" ? Number.NaN : Number(text.replace(",", "."));
}

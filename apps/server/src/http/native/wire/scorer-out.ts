import type { ScorerDefinitionIn, ScorerOut } from "@telltale/model/api";
import { findScorer, levelOf, readSerializedScorer, type ScorerDefinition, usesModel, whyNotRunnable } from "@telltale/score";
import type { StoredScorer } from "@telltale/store";
import { formatMs } from "./timestamp.ts";

/** A native definition in MLflow's own form: both APIs see the same scorers. */
export function serializedOf(name: string, definition: ScorerDefinitionIn): string {
  const blank = { name, is_session_level_scorer: false, serialization_version: 1 };
  if (definition.kind === "builtin") {
    return JSON.stringify({
      ...blank,
      is_session_level_scorer: findScorer(definition.class)?.level === "session",
      builtin_scorer_class: definition.class,
      builtin_scorer_pydantic_data: { ...definition.parameters, name, ...(definition.model === undefined ? {} : { model: definition.model }) },
    });
  }
  if (definition.kind === "code")
    return JSON.stringify({ ...blank, is_session_level_scorer: definition.level === "session", javascript_source: definition.source });
  return JSON.stringify({
    ...blank,
    is_session_level_scorer: /\{\{\s*conversation\s*\}\}/.test(definition.instructions),
    instructions_judge_pydantic_data: {
      instructions: definition.instructions,
      model: definition.model ?? null,
      feedback_value_type: typeOf(definition.answer),
    },
  });
}

function typeOf(answer: Extract<ScorerDefinitionIn, { kind: "judge" }>["answer"]): unknown {
  if (answer.kind === "boolean") return { title: "Result", type: "boolean" };
  if (answer.kind === "number") return { title: "Result", type: "number", minimum: answer.min, maximum: answer.max };
  return { title: "Result", type: "string", enum: answer.values };
}

export function toScorerOut(scorer: StoredScorer): ScorerOut {
  const definition = readSerializedScorer(scorer.serialized);
  const problem = whyNotRunnable(definition);
  return {
    id: scorer.id,
    name: scorer.name,
    project_id: scorer.projectId,
    version: scorer.version,
    level: levelOf(definition),
    kind: definition.kind,
    summary: summaryOf(definition),
    class: definition.kind === "builtin" ? definition.className : null,
    instructions: definition.kind === "instructions" ? definition.instructions : null,
    model: (definition.kind === "builtin" || definition.kind === "instructions" ? definition.model : undefined) ?? null,
    uses_model: usesModel(definition),
    sample_rate: scorer.sampleRate,
    filter: scorer.filter ?? null,
    daily_budget_usd: scorer.dailyBudgetUsd ?? null,
    state: problem !== undefined ? "cannot_run" : scorer.paused !== undefined ? "paused" : scorer.sampleRate > 0 ? "running" : "stopped",
    reason: problem ?? scorer.paused ?? null,
    created_at: formatMs(scorer.createdMs),
  };
}

function summaryOf(definition: ScorerDefinition): string {
  switch (definition.kind) {
    case "builtin":
      return findScorer(definition.className)?.summary ?? definition.className;
    case "instructions":
      return "A judge with instructions of its own.";
    case "python":
      return "Code in Python.";
    case "javascript":
      return "Code in JavaScript.";
    case "ensemble":
      return `A jury of ${definition.members.map((member) => member.name).join(", ")} (${definition.combine}).`;
    case "foreign":
      return definition.reason;
  }
}

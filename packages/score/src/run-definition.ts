import { TelltaleError } from "@telltale/model";
import type { ScorerDefinition } from "./definition.ts";
import { runCodeScorer } from "./code/code-scorer.ts";
import { combineMembers } from "./ensemble.ts";
import { runInstructionsJudge } from "./judges/instructions-judge.ts";
import { type ScoreOutcome, skipped } from "./outcome.ts";
import type { ScoringContext, Vocabulary } from "./scorer.ts";
import { outcomeOf } from "./outcome-of.ts";
import { findScorer } from "./scorers/registry.ts";
import type { Level, Subject } from "./subject.ts";

const MAX_SOURCE = 100_000;

/** Whether a scorer looks at traces or at sessions. */
export function levelOf(definition: ScorerDefinition): Level {
  if (definition.kind !== "builtin") return definition.level;
  return findScorer(definition.className)?.level ?? "trace";
}

/** True for scorers that ask a model. */
export function usesModel(definition: ScorerDefinition): boolean {
  if (definition.kind === "instructions") return true;
  if (definition.kind === "ensemble") return definition.members.some((member) => usesModel(member.definition));
  return definition.kind === "builtin" && (findScorer(definition.className)?.usesModel ?? true);
}

/** What a scorer answers in; `undefined` where only its code knows. */
export function answersOf(definition: ScorerDefinition): Vocabulary | undefined {
  if (definition.kind === "instructions") return definition.answer;
  return definition.kind === "builtin" ? findScorer(definition.className)?.vocabulary : undefined;
}

/** Why a definition cannot run here, in one sentence; `undefined` = it can. */
export function whyNotRunnable(definition: ScorerDefinition): string | undefined {
  switch (definition.kind) {
    case "instructions":
      return undefined;
    case "builtin": {
      const scorer = findScorer(definition.className);
      if (scorer === undefined) return `this version does not know the built-in scorer ${definition.className}`;
      return scorer.problemOf(definition.parameters);
    }
    case "javascript":
      return definition.source.length > MAX_SOURCE ? `code may have ${MAX_SOURCE} characters` : undefined;
    case "python":
      return "Python code is kept for its client, but not run here: there is no sandbox for it; write it in JavaScript, or run it with mlflow.genai.evaluate";
    case "ensemble":
      return definition.members.map((member) => whyNotRunnable(member.definition)).find((problem) => problem !== undefined);
    case "foreign":
      return definition.reason;
  }
}

/** Runs a scorer on a subject. Throws `JudgeError` from the judge; `bad_request` for a definition that cannot run. */
export async function runDefinition(definition: ScorerDefinition, subject: Subject, context: ScoringContext): Promise<ScoreOutcome> {
  const reason = whyNotRunnable(definition);
  if (reason !== undefined) throw new TelltaleError("bad_request", reason);
  if (subject.level !== levelOf(definition)) return skipped("nothing_to_judge");
  if (definition.kind === "instructions") return runInstructionsJudge(definition, subject, context);
  if (definition.kind === "ensemble") {
    const outcomes = await Promise.all(
      definition.members.map(async ({ name, definition: member }) => ({
        name,
        outcome: await outcomeOf((given, signal) => runDefinition(member, given, { ...context, signal }), subject, context.signal),
      })),
    );
    return combineMembers(outcomes, definition.combine);
  }
  if (definition.kind === "javascript") return runCodeScorer(definition.source, subject, context.runCode);
  const scorer = definition.kind === "builtin" ? findScorer(definition.className) : undefined;
  if (definition.kind !== "builtin" || scorer === undefined) throw new Error(`not runnable: ${definition.kind}`);
  return scorer.run(subject, { ...definition.parameters, ...(definition.model === undefined ? {} : { model: definition.model }) }, context);
}

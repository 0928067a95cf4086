import type { ScorerDefinition } from "../definition.ts";
import type { ScoreOutcome } from "../outcome.ts";
import { runDefinition } from "../run-definition.ts";
import type { ScoringContext } from "../scorer.ts";
import type { Subject } from "../subject.ts";
import { alignedJudge, type JudgeMemory } from "./memory.ts";

/** Runs a scorer in a version that may have been aligned: `memory` undefined = it was not. Throws like `runDefinition`. */
export function runAligned(definition: ScorerDefinition, memory: JudgeMemory | undefined, subject: Subject, context: ScoringContext): Promise<ScoreOutcome> {
  return runDefinition(definition, subject, memory === undefined ? context : { ...context, judge: alignedJudge(context.judge, memory, subject) });
}

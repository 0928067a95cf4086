import type { ScorerDefinition } from "../definition.ts";
import type { Judge, Question } from "../judges/judge.ts";
import { outcomeOf } from "../outcome-of.ts";
import { runDefinition } from "../run-definition.ts";
import type { Subject } from "../subject.ts";

/**
 * What a judged scorer tells its model about a subject, and which model: found by running it with a judge that only listens. So it works
 * for every kind, built-in ones too. `undefined` = it has nothing to ask about this subject.
 */
export async function criteriaOf(definition: ScorerDefinition, subject: Subject): Promise<Pick<Question, "instructions" | "model"> | undefined> {
  let heard: Question | undefined;
  const listener: Judge = {
    ask: async (question) => {
      heard ??= question;
      throw new Error("only listening");
    },
  };
  const runCode = async () => ({ kind: "failed" as const, message: "only listening" });
  const { signal } = new AbortController();
  await outcomeOf((given, until) => runDefinition(definition, given, { judge: listener, runCode, signal: until }), subject, signal);
  return heard === undefined ? undefined : { instructions: heard.instructions, model: heard.model };
}

import type { z } from "zod";
import type { RunCode } from "./code/code-scorer.ts";
import type { Judge } from "./judges/judge.ts";
import type { ScoreOutcome } from "./outcome.ts";
import type { Level, Subject } from "./subject.ts";

/** What a scorer must find in a trace to have something to say. */
export type Need = "inputs" | "outputs" | "expectations" | "context" | "tools" | "spans";

/** The words a scorer answers in. */
export type Vocabulary = { kind: "boolean" } | { kind: "number"; min: number; max: number } | { kind: "categories"; values: readonly string[] };

/** What a scorer may use besides its subject. */
export interface ScoringContext {
  judge: Judge;
  /** Runs code of users in the sandbox. */
  runCode: RunCode;
  signal: AbortSignal;
}

/**
 * A built-in scorer: a name, one sentence, a schema of parameters, a function. It never throws for what is in a trace;
 * what it throws is a broken invariant or the judge's `JudgeError`, which the runner turns into a failure.
 */
export interface Scorer<Parameters> {
  /** As MLflow names its class, or in the same style. */
  name: string;
  summary: string;
  level: Level;
  needs: readonly Need[];
  /** Asks a model. */
  usesModel: boolean;
  vocabulary: Vocabulary;
  parameters: z.ZodType<Parameters>;
  /** Parameters as somebody might give them; absent = it needs none. */
  example?: Readonly<Record<string, unknown>> | undefined;
  /** Of a judge: what it is told, with the parameters of the example. */
  instructions?: string | undefined;
  score: (subject: Subject, parameters: Parameters, context: ScoringContext) => Promise<ScoreOutcome> | ScoreOutcome;
}

/** A scorer of the registry: its parameters are whatever a client sent, checked with its own schema before it runs. */
export interface BuiltInScorer extends Omit<Scorer<never>, "score"> {
  /** What is wrong with parameters, in a few words; `undefined` = nothing. */
  problemOf: (parameters: unknown) => string | undefined;
  run: (subject: Subject, parameters: unknown, context: ScoringContext) => Promise<ScoreOutcome> | ScoreOutcome;
}

export function builtIn<Parameters>(scorer: Scorer<Parameters>): BuiltInScorer {
  const { score, ...rest } = scorer;
  return {
    ...rest,
    parameters: scorer.parameters as z.ZodType<never>, // only ever read as a schema of unknown parameters
    problemOf: (parameters) => {
      const [issue] = scorer.parameters.safeParse(parameters).error?.issues ?? [];
      return issue === undefined ? undefined : `${[scorer.name, ...issue.path].join(".")}: ${issue.message}`;
    },
    run: (subject, parameters, context) => score(subject, scorer.parameters.parse(parameters), context),
  };
}

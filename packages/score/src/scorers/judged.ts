import { z } from "zod";
import type { Exhibit } from "../judges/judge.ts";
import { type ScoreOutcome, skipped } from "../outcome.ts";
import type { Need, Scorer, ScoringContext, Vocabulary } from "../scorer.ts";
import type { ScoredSession, ScoredTrace } from "../subject.ts";
import { hasNeed, reasonOfNeed } from "./exhibits.ts";

/** What every judge may be told: its model, and sampling parameters as MLflow names them. Other fields of a client are kept. */
export const JudgeParameters = z.looseObject({ model: z.string().nullish(), inference_params: z.record(z.string(), z.unknown()).nullish() });
export type JudgeParameters = z.output<typeof JudgeParameters>;

export const yesNo: Vocabulary = { kind: "categories", values: ["yes", "no"] };
export const share: Vocabulary = { kind: "number", min: 0, max: 1 };

interface Judged<Parameters extends JudgeParameters> {
  name: string;
  summary: string;
  answer?: Vocabulary;
  parameters?: z.ZodType<Parameters>;
  example?: Readonly<Record<string, unknown>>;
  /** What to decide. Exhibits are named in angle brackets. */
  instructions: string | ((parameters: Parameters) => string);
}

/** A judge of single traces. */
export function judgeOfTraces<Parameters extends JudgeParameters = JudgeParameters>(
  spec: Judged<Parameters> & { needs: readonly Need[]; exhibits: readonly ((trace: ScoredTrace) => Exhibit)[] },
): Scorer<Parameters> {
  return {
    ...described(spec),
    level: "trace",
    needs: spec.needs,
    score: async (subject, parameters, context) => {
      if (subject.level !== "trace") return skipped("nothing_to_judge");
      const missing = spec.needs.find((need) => !hasNeed(subject.trace, need));
      if (missing !== undefined) return skipped(reasonOfNeed[missing]);
      return asked(
        spec,
        parameters,
        spec.exhibits.map((show) => show(subject.trace)),
        context,
      );
    },
  };
}

/** A judge of whole conversations. */
export function judgeOfSessions<Parameters extends JudgeParameters = JudgeParameters>(
  spec: Judged<Parameters> & { exhibits: readonly ((session: ScoredSession) => Exhibit)[] },
): Scorer<Parameters> {
  return {
    ...described(spec),
    level: "session",
    needs: ["inputs", "outputs"],
    score: async (subject, parameters, context) => {
      const hasTurns = subject.level === "session" && subject.session.turns.some((turn) => hasNeed(turn, "inputs") || hasNeed(turn, "outputs"));
      if (subject.level !== "session" || !hasTurns) return skipped("nothing_to_judge");
      return asked(
        spec,
        parameters,
        spec.exhibits.map((show) => show(subject.session)),
        context,
      );
    },
  };
}

function described<Parameters extends JudgeParameters>(spec: Judged<Parameters>) {
  // Only a spec without parameters of its own leaves them out, and then they are these.
  const parameters = spec.parameters ?? (JudgeParameters as unknown as z.ZodType<Parameters>);
  return {
    name: spec.name,
    summary: spec.summary,
    usesModel: true,
    vocabulary: spec.answer ?? yesNo,
    parameters,
    example: spec.example,
    instructions: typeof spec.instructions === "string" ? spec.instructions : spec.instructions(parameters.parse(spec.example ?? {})),
  };
}

async function asked<Parameters extends JudgeParameters>(
  spec: Judged<Parameters>,
  parameters: Parameters,
  exhibits: readonly Exhibit[],
  { judge, signal }: ScoringContext,
): Promise<ScoreOutcome> {
  const { value, rationale, usage } = await judge.ask(
    {
      model: parameters.model ?? undefined,
      instructions: typeof spec.instructions === "string" ? spec.instructions : spec.instructions(parameters),
      exhibits,
      answer: spec.answer ?? yesNo,
      parameters: parameters.inference_params ?? undefined,
    },
    signal,
  );
  return { kind: "scored", scores: [{ value, rationale }], usage };
}

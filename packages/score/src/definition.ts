import { TelltaleError } from "@telltale/model";
import { z } from "zod";
import { type EnsembleFunction, ensembleFunctions } from "./ensemble.ts";
import type { Vocabulary } from "./scorer.ts";
import type { Level } from "./subject.ts";

/** What a registered scorer is. */
export type ScorerDefinition =
  | { kind: "builtin"; className: string; parameters: Readonly<Record<string, unknown>>; model: string | undefined; level: Level | undefined }
  | { kind: "instructions"; instructions: string; model: string | undefined; answer: Vocabulary; parameters: Readonly<Record<string, unknown>>; level: Level }
  | { kind: "python"; source: string; signature: string; level: Level }
  | { kind: "javascript"; source: string; level: Level }
  /** A jury: every member judges, and their values become one. */
  | { kind: "ensemble"; combine: EnsembleFunction; members: readonly { name: string; definition: ScorerDefinition }[]; level: Level }
  /** Accepted and kept for its client, but nothing here can run it; `reason` says why. */
  | { kind: "foreign"; reason: string; level: Level };

/** Characters of a serialised scorer; MLflow's own column holds 65,535. */
export const MAX_SERIALIZED = 256 * 1024;

const MAX_MEMBERS = 20;

const Text = z.string();
const Serialized = z.looseObject({
  name: Text.optional(),
  is_session_level_scorer: z.boolean().nullish(),
  builtin_scorer_class: Text.nullish(),
  builtin_scorer_pydantic_data: z.looseObject({ model: Text.nullish(), inference_params: z.record(Text, z.unknown()).nullish() }).nullish(),
  call_source: Text.nullish(),
  call_signature: Text.nullish(),
  instructions_judge_pydantic_data: z
    .looseObject({
      instructions: Text,
      model: Text.nullish(),
      feedback_value_type: z.unknown().optional(),
      inference_params: z.record(Text, z.unknown()).nullish(),
    })
    .nullish(),
  memory_augmented_judge_data: z.unknown().optional(),
  third_party_scorer_data: z.unknown().optional(),
  ensemble_scorer_data: z.unknown().optional(),
  /** Ours: a code scorer in JavaScript. */
  javascript_source: Text.nullish(),
});

/**
 * Reads MLflow's `serialized_scorer` (protocol notes §11). Throws `bad_request` for what is not one. Every kind that a
 * client can register is accepted; what cannot run here says so when it should.
 */
export function readSerializedScorer(text: string): ScorerDefinition {
  if (text.length > MAX_SERIALIZED) throw new TelltaleError("bad_request", `A scorer may have ${MAX_SERIALIZED} characters, this one has ${text.length}`);
  const parsed = Serialized.safeParse(parseJson(text));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new TelltaleError("bad_request", `serialized_scorer is not a scorer: ${issue?.path.join(".") ?? ""} ${issue?.message ?? "not understood"}`);
  }
  const scorer = parsed.data;
  const level: Level = scorer.is_session_level_scorer === true ? "session" : "trace";
  if (typeof scorer.builtin_scorer_class === "string") {
    const { model, ...parameters } = scorer.builtin_scorer_pydantic_data ?? {};
    return { kind: "builtin", className: scorer.builtin_scorer_class, parameters, model: model ?? undefined, level: undefined };
  }
  if (scorer.instructions_judge_pydantic_data) {
    const { instructions, model, feedback_value_type: type, inference_params: parameters } = scorer.instructions_judge_pydantic_data;
    const isSession = /\{\{\s*conversation\s*\}\}/.test(instructions) || level === "session";
    return {
      kind: "instructions",
      instructions,
      model: model ?? undefined,
      answer: vocabularyOf(type),
      parameters: parameters ?? {},
      level: isSession ? "session" : "trace",
    };
  }
  if (typeof scorer.javascript_source === "string") return { kind: "javascript", source: scorer.javascript_source, level };
  if (typeof scorer.call_source === "string") return { kind: "python", source: scorer.call_source, signature: scorer.call_signature ?? "()", level };
  if (scorer.memory_augmented_judge_data) return memoryAugmented(scorer.memory_augmented_judge_data, level);
  if (scorer.third_party_scorer_data) return { kind: "foreign", reason: "a third-party Python scorer runs only where its package is installed", level };
  if (scorer.ensemble_scorer_data) return ensembleOf(scorer.ensemble_scorer_data, level);
  throw new TelltaleError("bad_request", "serialized_scorer names no built-in class, instructions or code: there is nothing to run");
}

const Ensemble = z.looseObject({
  ensemble_fn: z.enum(ensembleFunctions),
  scorers: z
    .array(z.looseObject({ name: Text.optional() }))
    .min(1)
    .max(MAX_MEMBERS),
});

function ensembleOf(data: unknown, level: Level): ScorerDefinition {
  const parsed = Ensemble.safeParse(data);
  if (!parsed.success)
    throw new TelltaleError("bad_request", `serialized_scorer is no ensemble that can be run: ${parsed.error.issues[0]?.message ?? "not understood"}`);
  const members = parsed.data.scorers.map((member, index) => ({
    name: member.name ?? `member ${index + 1}`,
    definition: readSerializedScorer(JSON.stringify(member)),
  }));
  if (members.some(({ definition }) => definition.kind === "ensemble")) throw new TelltaleError("bad_request", "an ensemble must not hold another ensemble");
  return { kind: "ensemble", combine: parsed.data.ensemble_fn, members, level };
}

/** An aligned judge: its base judge with the guidelines that alignment distilled, which its instructions already hold. */
function memoryAugmented(data: unknown, level: Level): ScorerDefinition {
  const inner = z
    .looseObject({ base_judge: z.unknown().optional(), semantic_memory: z.array(z.looseObject({ guideline_text: Text })).nullish() })
    .safeParse(data);
  if (!inner.success || inner.data.base_judge === undefined) return { kind: "foreign", reason: "an aligned judge without its base judge", level };
  const base = readSerializedScorer(JSON.stringify(inner.data.base_judge));
  if (base.kind !== "instructions") return base;
  const guidelines = (inner.data.semantic_memory ?? []).map(({ guideline_text }) => `- ${guideline_text}`).join("\n");
  return guidelines === "" ? base : { ...base, instructions: `${base.instructions}\n\nGuidelines learnt from human feedback:\n${guidelines}` };
}

/** MLflow's `feedback_value_type`: JSON schema of bool, int, float, str or a Literal. Absent = yes / no, as `make_judge` of old. */
function vocabularyOf(type: unknown): Vocabulary {
  const schema = z
    .looseObject({ type: Text.optional(), enum: z.array(z.unknown()).optional(), minimum: z.number().optional(), maximum: z.number().optional() })
    .safeParse(type);
  if (!schema.success) return { kind: "categories", values: ["yes", "no"] };
  const { type: name, enum: values, minimum, maximum } = schema.data;
  if (values !== undefined && values.length > 0) return { kind: "categories", values: values.map(String) };
  if (name === "boolean") return { kind: "boolean" };
  if (name === "integer" || name === "number") return { kind: "number", min: minimum ?? -Infinity, max: maximum ?? Infinity };
  return { kind: "categories", values: [] };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new TelltaleError("bad_request", `serialized_scorer is not valid JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

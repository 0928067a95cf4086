import { createHash } from "node:crypto";
import type { Assessment } from "@telltale/model";
import { assessmentIdOf } from "../assessment-id.ts";
import type { JudgeUsage, Score, ScoreOutcome, ScoreValue } from "../outcome.ts";

/** Metadata of a score that a version in the shadow gave. */
const SHADOW_MARK = "telltale.shadow";

/** Which score of which scorer this is; the same task always writes the same assessments. */
export interface ScoreIdentity {
  scorerId: string;
  scorerName: string;
  version: number;
  serialized: string;
  /** A judge, or code. */
  sourceType: "LLM_JUDGE" | "CODE";
  /** The judge's model, or the scorer's name. */
  sourceId: string;
  level: "trace" | "session";
  entityId: string;
  generation: number;
  probability: number;
  /** Of a version that runs beside the one that counts. */
  shadow: boolean;
  projectId: string;
  /** Where it is kept: the trace, or the last trace of the session. */
  traceId: string;
}

/**
 * What a finished task writes. Ids are made from the identity, so that a task that runs twice (its worker died between writing
 * and finishing) replaces its own scores. A failure is an assessment with an error and no value.
 */
export function assessmentsOf(identity: ScoreIdentity, outcome: ScoreOutcome, nowMs: number): Assessment[] {
  if (outcome.kind === "skipped") return [];
  const metadata = metadataOf(identity, outcome.usage);
  if (outcome.kind === "failed") {
    return [{ ...blank(identity, 0, identity.scorerName, metadata, nowMs), error: { code: outcome.code, message: outcome.message } }];
  }
  return outcome.scores.map((score, index) => ({
    ...blank(identity, index, scoreName(identity.scorerName, score), withOwn(metadata, score), nowMs),
    spanId: score.spanId ?? "",
    valueJson: valueJson(score.value),
    rationale: score.rationale,
  }));
}

export function scoreName(scorerName: string, score: Score): string {
  return score.suffix === undefined ? scorerName : `${scorerName}/${score.suffix}`;
}

/** Numbers in the form in which MLflow's clients write them: doubles. */
function valueJson(value: ScoreValue): string {
  return typeof value === "number" && Number.isInteger(value) ? value.toFixed(1) : JSON.stringify(value);
}

/** The id of the `index`-th assessment of a task. */
export function assessmentId(identity: Pick<ScoreIdentity, "scorerId" | "version" | "level" | "entityId">, generation: number, index: number): string {
  return assessmentIdOf(identity.scorerId, identity.version, identity.level, identity.entityId, generation, index);
}

function blank(identity: ScoreIdentity, index: number, name: string, metadata: Map<string, string>, nowMs: number): Assessment {
  const supersedes = identity.level === "session" && identity.generation > 0;
  return {
    projectId: identity.projectId,
    traceId: identity.traceId,
    spanId: "",
    assessmentId: assessmentId(identity, identity.generation, index),
    name,
    kind: "feedback",
    valueJson: undefined,
    error: undefined,
    sourceType: identity.sourceType,
    sourceId: identity.sourceId,
    rationale: undefined,
    metadata,
    overrides: supersedes ? assessmentId(identity, identity.generation - 1, index) : undefined,
    // What is not valid is in no rate, no series, no filter and no alarm; a shadow score is marked besides.
    valid: !identity.shadow,
    createdMs: nowMs,
    updatedMs: nowMs,
  };
}

/** MLflow's keys (protocol notes §11), and ours for what it has none for. */
function metadataOf(identity: ScoreIdentity, usage: JudgeUsage | undefined): Map<string, string> {
  const metadata = new Map([
    ["mlflow.assessment.scorerName", identity.scorerName],
    ["mlflow.assessment.scorerVersion", String(identity.version)],
    ["mlflow.assessment.scorerDigest", `sha256:${createHash("sha256").update(identity.serialized).digest("hex")}`],
    ["telltale.sampling.probability", String(identity.probability)],
  ]);
  if (identity.shadow) metadata.set(SHADOW_MARK, "true");
  if (identity.level === "session") {
    metadata.set("mlflow.trace.session", identity.entityId);
    metadata.set("mlflow.assessment.onlineScoringSessionId", identity.entityId);
  }
  if (usage === undefined) return metadata;
  const add = (key: string, value: string | number | undefined): void => void (value === undefined ? undefined : metadata.set(key, String(value)));
  add("telltale.judge.model", usage.model);
  add("telltale.judge.promptDigest", usage.promptDigest);
  add("mlflow.assessment.judgeInputTokens", usage.inputTokens);
  add("mlflow.assessment.judgeOutputTokens", usage.outputTokens);
  add("mlflow.assessment.judgeCost", usage.costUsd);
  add("mlflow.assessment.scorerTraceId", usage.traceId === undefined ? undefined : `tr-${usage.traceId}`);
  return metadata;
}

function withOwn(metadata: ReadonlyMap<string, string>, score: Score): Map<string, string> {
  return new Map([...metadata, ...Object.entries(score.metadata ?? {})]);
}

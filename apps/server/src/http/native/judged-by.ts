import type { Assessment } from "@telltale/model";
import type { JudgeCount, JudgedBy, StoredScorer } from "@telltale/store";
import type { RegisteredScorer } from "./scorer-threshold.ts";

/** Whose scores a rate rests on, and whose it leaves out. */
export interface Judges {
  judgedBy: JudgedBy;
  /** The version of the scorer that counts; `undefined` = nothing of its own is there, so what others logged under its name does. */
  version: number | undefined;
  notCounted: JudgeCount[];
}

/**
 * One version judges in one way, so versions never mix: the live one counts, or the newest that judged anything where that did not
 * (a window of the past). A version that was registered again unchanged is the same judge. What SDKs log under the scorer's name
 * counts only where the scorer itself judged nothing.
 */
export function chooseJudges(counts: readonly JudgeCount[], registered: RegisteredScorer | undefined): Judges {
  const own = counts.flatMap(({ version }) => (version === undefined ? [] : [version]));
  const live = registered === undefined ? [] : alike(registered.versions, registered.version);
  const version = live.some((twin) => own.includes(twin)) ? registered?.version : own.toSorted((a, b) => b - a)[0];
  if (version === undefined) return { judgedBy: "logged", version, notCounted: [] };
  const judgedBy = alike(registered?.versions ?? [], version);
  return { judgedBy, version, notCounted: counts.filter((count) => count.version === undefined || !judgedBy.includes(count.version)) };
}

function alike(versions: readonly Pick<StoredScorer, "version" | "serialized" | "guidelines">[], version: number): number[] {
  const it = versions.find((other) => other.version === version);
  if (it === undefined || it.guidelines !== undefined) return [version];
  return versions.filter((other) => other.serialized === it.serialized && other.guidelines === undefined).map((other) => other.version);
}

/** Whether an assessment of that name is one of those that count. */
export function isJudgedBy({ sourceType, metadata }: Assessment, judgedBy: JudgedBy): boolean {
  if (sourceType === "HUMAN" || metadata.has("telltale.detector")) return false;
  const isOwn = metadata.has("telltale.sampling.probability");
  return judgedBy === "logged" ? !isOwn : isOwn && judgedBy.includes(Number(metadata.get("mlflow.assessment.scorerVersion")));
}

/** As the API says it. */
export function judgesOut({ version, notCounted }: Judges) {
  return { version: version ?? null, not_counted: notCounted.map((count) => ({ version: count.version ?? null, n_traces: count.traces })) };
}

import type { NewSlo, SloOut } from "@telltale/model/api";
import type { SloObjectiveIn } from "../../api/slos.ts";

/** The form's fields, as typed. */
export interface SloDraft {
  name: string;
  description: string;
  projectId: string | null;
  filter: string;
  kind: NewSlo["indicator"]["kind"];
  thresholdMs: string;
  /** In percent. */
  target: string;
  windowDays: NewSlo["window_days"];
}

export const newDraft = (projectId: string | undefined): SloDraft => ({
  name: "",
  description: "",
  projectId: projectId ?? null,
  filter: "",
  kind: "latency",
  thresholdMs: "",
  target: "95",
  windowDays: 28,
});

export function draftOf(slo: SloOut): SloDraft {
  return {
    name: slo.name,
    description: slo.description,
    projectId: slo.project_id,
    filter: slo.filter,
    kind: slo.indicator.kind,
    thresholdMs: slo.indicator.kind === "error_rate" ? "" : String(slo.indicator.threshold_ms),
    target: String(Math.round(slo.target * 1e7) / 1e5),
    windowDays: slo.window_days,
  };
}

/** Stands in for a threshold that is not typed yet: the preview then still tells the quantiles to choose one from. */
const ANY_THRESHOLD_MS = 1_000;

/** What the preview asks; undefined while the target is no share. */
export function objectiveOf(draft: SloDraft): SloObjectiveIn | undefined {
  const target = Number(draft.target.replace(",", ".")) / 100;
  if (!(target >= 0.01 && target <= 0.99999)) return undefined;
  const thresholdMs = thresholdOf(draft) ?? ANY_THRESHOLD_MS;
  return {
    project_id: draft.projectId,
    filter: draft.filter.trim(),
    indicator: draft.kind === "error_rate" ? { kind: draft.kind } : { kind: draft.kind, threshold_ms: thresholdMs },
    target: Math.round(target * 1e7) / 1e7,
    window_days: draft.windowDays,
  };
}

export function thresholdOf({ thresholdMs }: Pick<SloDraft, "thresholdMs">): number | undefined {
  const value = Number(thresholdMs.replace(",", "."));
  return thresholdMs.trim() !== "" && value >= 0.001 && value <= 86_400_000 ? value : undefined;
}

/** What is saved; undefined while something is missing. */
export function sloOf(draft: SloDraft): NewSlo | undefined {
  const objective = objectiveOf(draft);
  if (objective === undefined || draft.name.trim() === "" || (draft.kind !== "error_rate" && thresholdOf(draft) === undefined)) return undefined;
  return { ...objective, name: draft.name.trim(), description: draft.description.trim() };
}

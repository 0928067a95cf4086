import type { LabelSchemaOut, ReviewAnswer, ReviewQueueOut, ReviewSample } from "@telltale/model/api";
import type { NewQueue, QueuePatch } from "../../api/review.ts";

/** What the form of a new queue holds, as typed. */
export interface QueueDraft {
  name: string;
  projectId: string;
  /** `scorer:NAME` or `schema:ID`. */
  asks: string;
  answer: "boolean" | "categories" | "number";
  categories: string;
  min: string;
  max: string;
  purpose: "estimate" | "interesting";
  filter: string;
  days: string;
  count: string;
  /** Half width of the wanted interval, in percent. */
  precision: string;
  assignees: string;
  description: string;
}

export const newDraft = (projectId: string, scorer?: string, count?: number): QueueDraft => ({
  name: scorer ?? "",
  projectId,
  asks: scorer === undefined ? "" : `scorer:${scorer}`,
  answer: "boolean",
  categories: "",
  min: "1",
  max: "5",
  purpose: "estimate",
  filter: "",
  days: "7",
  count: String(count ?? 100),
  precision: "3",
  assignees: "",
  description: "",
});

const DAY_MS = 86_400_000;

/** The request that a draft stands for; `undefined` while something is missing or wrong. */
export function queueOf(draft: QueueDraft, schemas: readonly LabelSchemaOut[], nowMs: number): { queue: NewQueue; sample: ReviewSample } | undefined {
  const [kind, key] = splitOnce(draft.asks);
  const count = Number(draft.count);
  const halfWidth = widthOf(draft.precision);
  const answer = answerOf(draft);
  const isKnown = kind === "scorer" ? key !== "" && answer !== undefined : schemas.some(({ id }) => id === key);
  const isSound = draft.name.trim() !== "" && Number.isInteger(count) && count >= 1 && count <= 5_000;
  if (!isKnown || !isSound || halfWidth === undefined) return undefined;
  return {
    queue: {
      name: draft.name.trim(),
      project_id: draft.projectId,
      purpose: draft.purpose,
      half_width: halfWidth,
      assignees: namesOf(draft.assignees),
      ...(draft.description.trim() === "" ? {} : { description: draft.description.trim() }),
      ...(kind === "scorer" ? { label: key, answer } : { label_schema_ids: [key] }),
    },
    sample: {
      count,
      from: new Date(nowMs - Number(draft.days) * DAY_MS).toISOString(),
      to: new Date(nowMs).toISOString(),
      ...(draft.filter.trim() === "" ? {} : { filter: draft.filter.trim() }),
    },
  };
}

/** What of a queue can change, as typed. */
export type QueueEdit = Pick<QueueDraft, "name" | "description" | "precision" | "assignees">;

export function editDraftOf(queue: Pick<ReviewQueueOut, "name" | "description" | "half_width" | "assignees">): QueueEdit {
  return {
    name: queue.name,
    description: queue.description,
    precision: String(Math.round(queue.half_width * 10_000) / 100),
    assignees: queue.assignees.join(", "),
  };
}

/** The change that a draft stands for; `undefined` while something is missing or wrong. */
export function queuePatchOf(draft: QueueEdit): QueuePatch | undefined {
  const halfWidth = widthOf(draft.precision);
  if (draft.name.trim() === "" || halfWidth === undefined) return undefined;
  return { name: draft.name.trim(), description: draft.description.trim(), half_width: halfWidth, assignees: namesOf(draft.assignees) };
}

/** Percent as typed → half width of an interval; `undefined` for what no interval can be. */
function widthOf(precision: string): number | undefined {
  const halfWidth = Number(precision) / 100;
  return halfWidth >= 0.001 && halfWidth <= 0.5 ? halfWidth : undefined;
}

/** Names between commas, each once. */
export function namesOf(text: string): string[] {
  return [...new Set(text.split(",").map((name) => name.trim()))].filter((name) => name !== "").slice(0, 10);
}

function answerOf({ answer, categories, min, max }: QueueDraft): ReviewAnswer | undefined {
  if (answer === "boolean") return { kind: "boolean" };
  if (answer === "categories") {
    const values = [...new Set(categories.split(",").map((value) => value.trim()))].filter((value) => value !== "");
    return values.length >= 2 && values.length <= 20 ? { kind: "categories", values } : undefined;
  }
  const [low, high] = [Number(min), Number(max)];
  return min.trim() !== "" && max.trim() !== "" && low < high ? { kind: "number", min: low, max: high } : undefined;
}

function splitOnce(text: string): [string, string] {
  const at = text.indexOf(":");
  return at < 0 ? ["", ""] : [text.slice(0, at), text.slice(at + 1)];
}

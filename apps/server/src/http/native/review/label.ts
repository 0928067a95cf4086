import { createHash } from "node:crypto";
import type { Assessment } from "@telltale/model";
import type { ReviewQuestion, ReviewValue } from "@telltale/model/api";
import type { ReviewItem, ReviewQueue } from "@telltale/store";
import { doubleJson } from "../double-json.ts";

export interface Label {
  reviewer: string;
  value: ReviewValue;
  rationale: string | undefined;
}

/** What a reviewer said, as feedback by a human. A second answer to the same question about the same trace replaces the first. */
export function labelOf(queue: ReviewQueue, item: ReviewItem, question: ReviewQuestion, { reviewer, value, rationale }: Label, nowMs: number): Assessment {
  const isChosen = item.inclusion === undefined || queue.purpose === "interesting";
  return {
    projectId: queue.projectId,
    traceId: item.traceId,
    spanId: "",
    assessmentId: labelId(queue, item.traceId, question.name),
    name: question.name,
    kind: question.type,
    valueJson: doubleJson(value),
    error: undefined,
    sourceType: "HUMAN",
    sourceId: reviewer,
    rationale,
    metadata: new Map([
      ["telltale.review.queue", queue.name],
      isChosen ? ["telltale.review.chosen", "true"] : ["telltale.review.inclusion", String(item.inclusion)],
    ]),
    overrides: undefined,
    valid: true,
    createdMs: nowMs,
    updatedMs: nowMs,
  };
}

/** Ids of all that a queue's reviewers can have said of a trace. */
export function labelIds(queue: ReviewQueue, traceId: string, questions: readonly ReviewQuestion[]): string[] {
  return questions.map((question) => labelId(queue, traceId, question.name));
}

function labelId(queue: ReviewQueue, traceId: string, question: string): string {
  const parts = ["review", queue.id, traceId, ...(question === queue.label ? [] : [question])];
  return `a-${createHash("sha256").update(parts.join("\0")).digest("hex").slice(0, 32)}`;
}

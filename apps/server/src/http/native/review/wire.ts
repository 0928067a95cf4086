import { type ReviewItemOut, type ReviewQueueOut, type ReviewQuestion, ReviewSample } from "@telltale/model/api";
import type { ReviewCounts, ReviewItem, ReviewQueue } from "@telltale/store";
import { firstQuestion } from "./questions.ts";
import { formatMs } from "../wire/timestamp.ts";

export function queueOut(queue: ReviewQueue, questions: ReviewQuestion[], progress: ReviewCounts): ReviewQueueOut {
  const first = firstQuestion(questions);
  return {
    id: queue.id,
    project_id: queue.projectId,
    name: queue.name,
    description: queue.description,
    label: first.name,
    answer: first.answer,
    questions,
    purpose: queue.purpose,
    half_width: queue.halfWidth,
    assignees: [...queue.assignees],
    sample: queue.sample === undefined ? null : ReviewSample.parse(queue.sample),
    progress,
    created_at: formatMs(queue.createdMs),
    updated_at: formatMs(queue.updatedMs),
  };
}

export function itemOut(item: ReviewItem): ReviewItemOut {
  return {
    trace_id: item.traceId,
    state: item.state,
    inclusion_probability: item.inclusion ?? null,
    assignee: item.assignee ?? null,
    reviewer: item.reviewer ?? null,
    assessment_id: item.assessmentId ?? null,
    added_at: formatMs(item.addedMs),
    done_at: item.doneMs === undefined ? null : formatMs(item.doneMs),
  };
}

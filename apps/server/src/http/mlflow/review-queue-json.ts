import { mlflowTraceId } from "@telltale/model";
import type { LabelSchema, ReviewItem, ReviewQueue } from "@telltale/store";

/** MLflow's id of a queue: `rq-` and the digits of ours. */
export function mlflowQueueId(id: string): string {
  return `rq-${id.replaceAll("-", "")}`;
}

/** Our id of a queue; `undefined` for what cannot be one. */
export function storedQueueId(id: string): string | undefined {
  const parts = /^rq-([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/.exec(id);
  return parts?.slice(1).join("-");
}

/** Where a queue has a question of its own, its schema is the one of the same name, if there is one. */
export function reviewQueueJson(queue: ReviewQueue, schemas: readonly LabelSchema[]): unknown {
  return {
    queue_id: mlflowQueueId(queue.id),
    experiment_id: queue.projectId,
    name: queue.name,
    queue_type: queue.isPersonal ? "USER" : "CUSTOM",
    created_by: queue.owner,
    creation_time_ms: queue.createdMs,
    last_update_time_ms: queue.updatedMs,
    users: queue.assignees,
    schema_ids: queue.label === undefined ? queue.schemaIds : schemas.filter((schema) => schema.name === queue.label).map((schema) => schema.id),
  };
}

const statuses = { pending: "PENDING", done: "COMPLETE", skipped: "DECLINED" } as const;
export type ReviewStatus = (typeof statuses)[ReviewItem["state"]];
export const states: Readonly<Record<ReviewStatus, ReviewItem["state"]>> = { PENDING: "pending", COMPLETE: "done", DECLINED: "skipped" };

export function reviewItemJson(queueId: string, item: ReviewItem): unknown {
  const isOver = item.state !== "pending";
  return {
    queue_id: mlflowQueueId(queueId),
    item_type: "TRACE",
    item_id: mlflowTraceId(item.traceId),
    status: statuses[item.state],
    completed_by: isOver ? item.reviewer : undefined,
    completed_time_ms: isOver ? item.doneMs : undefined,
    creation_time_ms: item.addedMs,
    last_update_time_ms: item.doneMs ?? item.addedMs,
  };
}

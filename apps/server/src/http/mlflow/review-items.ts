import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { mlflowTraceId } from "@telltale/model";
import { parseRequestId } from "./access.ts";
import type { MlflowDeps } from "./deps.ts";
import { invalidParameter, missingResource } from "./errors.ts";
import { nextToken, pageRange } from "./page.ts";
import { jsonBody, maybe, parseRequest, queryOne, requiredQuery, RequiredText } from "./request.ts";
import { reviewItemJson, states } from "./review-queue-json.ts";
import { queueOf } from "./review-queues.ts";
import type { MlflowRoute } from "./route-table.ts";

const ItemIds = z.array(z.string().trim().min(1).max(250)).min(1).max(10_000);
const Status = z.enum(["PENDING", "COMPLETE", "DECLINED"]);
const Add = z.object({ queue_id: RequiredText, item_ids: ItemIds, item_type: maybe(z.enum(["TRACE", "REVIEW_ITEM_TYPE_UNSPECIFIED"])) });
const Remove = z.object({ queue_id: RequiredText, item_ids: ItemIds });
const SetStatus = z.object({ queue_id: RequiredText, item_id: RequiredText, status: Status, completed_by: maybe(z.string().trim().toLowerCase().max(250)) });

/** The traces of a review queue, and what became of each. */
export function reviewItemRoutes(deps: MlflowDeps): MlflowRoute[] {
  const path = "3.0/mlflow/review-queues/items";
  return [
    { method: "POST", path: `${path}/add`, handle: (request) => add(deps, request) },
    { method: "POST", path: `${path}/remove`, handle: (request) => remove(deps, request) },
    { method: "GET", path: `${path}/list`, handle: (request) => list(deps, request) },
    { method: "POST", path: `${path}/set-status`, handle: (request) => setStatus(deps, request) },
  ];
}

/** Somebody chose them: they are reviewed, and enter no estimate. All of them must be the project's own. */
async function add(deps: MlflowDeps, request: FastifyRequest): Promise<unknown> {
  const sent = parseRequest(Add, jsonBody(request));
  const queue = await queueOf(deps, request, sent.queue_id);
  const ids = [...new Set(sent.item_ids.map(parseRequestId))];
  await deps.ingest.readable(ids);
  const found = new Set((await deps.traces.findTraces({ projectIds: [queue.projectId] }, ids)).map((trace) => trace.traceId));
  const missing = ids.filter((id) => !found.has(id)).map(mlflowTraceId);
  if (missing.length > 0)
    throw missingResource(
      `Cannot attach trace(s) ${missing.slice(0, 10).join(", ")} to review queue '${sent.queue_id}': they do not exist in experiment '${queue.projectId}'.`,
    );
  await deps.reviewItems.add(
    queue.id,
    ids.map((traceId) => ({ traceId, inclusion: undefined, priority: 1 })),
  );
  const items = new Map((await deps.reviewItems.findItems(queue.id, ids)).map((item) => [item.traceId, item]));
  return { items: ids.flatMap((id) => items.get(id) ?? []).map((item) => reviewItemJson(queue.id, item)) };
}

async function remove(deps: MlflowDeps, request: FastifyRequest): Promise<unknown> {
  const sent = parseRequest(Remove, jsonBody(request));
  const queue = await queueOf(deps, request, sent.queue_id);
  await deps.reviewItems.remove(queue.id, sent.item_ids.map(parseRequestId));
  return {};
}

async function list(deps: MlflowDeps, request: FastifyRequest): Promise<unknown> {
  const range = pageRange(request, 1_000);
  const queue = await queueOf(deps, request, requiredQuery(request, "queue_id"));
  const wanted = queryOne(request, "status");
  const status =
    wanted === undefined || wanted === "REVIEW_STATUS_UNSPECIFIED" ? undefined : parseRequest(z.object({ status: Status }), { status: wanted }).status;
  const items = await deps.reviewItems.items(queue.id, status === undefined ? undefined : states[status], range.limit + 1, range.offset);
  return { items: items.slice(0, range.limit).map((item) => reviewItemJson(queue.id, item)), next_page_token: nextToken(range, items.length > range.limit) };
}

/** Saying the same again changes nothing, so that who was first stays known; reopening forgets it. */
async function setStatus(deps: MlflowDeps, request: FastifyRequest): Promise<unknown> {
  const { status, completed_by: reviewer = "", ...sent } = parseRequest(SetStatus, jsonBody(request));
  const state = states[status];
  if (state === "pending" && reviewer !== "") throw invalidParameter("`completed_by` must not be set when reopening an item to `pending`.");
  if (state !== "pending" && reviewer === "") throw invalidParameter(`\`completed_by\` is required when setting status to \`${status.toLowerCase()}\`.`);
  const queue = await queueOf(deps, request, sent.queue_id);
  const traceId = parseRequestId(sent.item_id.trim());
  const item = async () => {
    const found = await deps.reviewItems.findItem(queue.id, traceId);
    if (found === undefined) throw missingResource(`Item '${sent.item_id.slice(0, 250)}' is not attached to review queue '${sent.queue_id}'.`);
    return found;
  };
  const before = await item();
  if (before.state !== state) {
    if (state === "pending") await deps.reviewItems.reopen(queue.id, traceId, undefined);
    else await deps.reviewItems.end(queue.id, traceId, { state, reviewer, assessmentId: before.assessmentId });
  }
  return { item: reviewItemJson(queue.id, await item()) };
}

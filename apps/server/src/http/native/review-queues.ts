import { type Assessment, TelltaleError } from "@telltale/model";
import { NewReviewItems, NewReviewQueue, ReviewAnswer, ReviewItemOut, ReviewLabel, ReviewNext, ReviewQueueOut, ReviewQueuePatch } from "@telltale/model/api";
import { assessmentIdOf, drawForReview } from "@telltale/score";
import type { NewReviewItem, ReviewItem, ReviewQueue, ReviewQueues, TraceQuestions } from "@telltale/store";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { Ingest } from "../../pipeline/ingest.ts";
import { eligibleFilter } from "../../scoring/eligible.ts";
import { assertInScope } from "../scope.ts";
import type { TypedApp } from "../typed-routes.ts";
import { doubleJson } from "./double-json.ts";
import { Paging, pageOf } from "./paging.ts";
import { formatMs, parseTimestamp } from "./wire/timestamp.ts";

const QueueParams = z.object({ id: z.string().max(40) });
const ItemParams = QueueParams.extend({ trace_id: z.string().max(250) });
const QueueList = Paging.extend({ project_id: z.string().max(20).default("0") });
const ItemList = z.object({ state: z.enum(["pending", "done", "skipped"]).optional(), limit: z.coerce.number().int().min(1).max(1000).default(100), cursor: z.string().regex(/^\d{1,6}$/).optional() }); // prettier-ignore
const QueuePage = z.object({ data: z.array(ReviewQueueOut), next_cursor: z.string().nullable() });
const ItemPage = z.object({ data: z.array(ReviewItemOut), next_cursor: z.string().nullable() });
/** A sample is drawn from the newest so many traces of its window. */
const MAX_CANDIDATES = 20_000;
const PAGE = 500;
const tags = ["review"];

export interface ReviewDeps {
  reviewQueues: ReviewQueues;
  questions: TraceQuestions;
  ingest: Ingest;
  now: () => number;
}

/** Review queues: traces for people, and what they say of them. */
export function reviewRoutes(app: TypedApp, deps: ReviewDeps): void {
  const find = async (request: FastifyRequest, id: string): Promise<ReviewQueue> => {
    const queue = await deps.reviewQueues.find(id);
    if (queue === undefined) throw new TelltaleError("not_found", `There is no review queue with id ${id}`);
    assertInScope(request, queue.projectId);
    return queue;
  };
  const out = async (queue: ReviewQueue): Promise<ReviewQueueOut> => queueOut(queue, await deps.reviewQueues.counts(queue.id));

  app.get(
    "/review-queues",
    { schema: { tags, summary: "Review queues of a project, by name", querystring: QueueList, response: { 200: QueuePage } } },
    async (request) => {
      assertInScope(request, request.query.project_id);
      const page = pageOf(await deps.reviewQueues.list(request.query.project_id), request.query);
      return { ...page, data: await Promise.all(page.data.map(out)) };
    },
  );

  app.post(
    "/review-queues",
    { schema: { tags, summary: "Create a review queue", body: NewReviewQueue, response: { 201: ReviewQueueOut } } },
    async (request, reply) => {
      const { project_id: projectId, ...fields } = request.body;
      assertInScope(request, projectId);
      return reply.code(201).send(await out(await deps.reviewQueues.create({ ...fields, projectId })));
    },
  );

  app.get(
    "/review-queues/:id",
    { schema: { tags, summary: "A review queue and how far it is", params: QueueParams, response: { 200: ReviewQueueOut } } },
    async (request) => out(await find(request, request.params.id)),
  );

  app.patch(
    "/review-queues/:id",
    { schema: { tags, summary: "Rename or describe", params: QueueParams, body: ReviewQueuePatch, response: { 200: ReviewQueueOut } } },
    async (request) => {
      const { id } = await find(request, request.params.id);
      return out(await deps.reviewQueues.rename(id, request.body));
    },
  );

  app.delete(
    "/review-queues/:id",
    { schema: { tags, summary: "Delete a queue; the labels stay", params: QueueParams, response: { 204: z.null() } } },
    async (request, reply) => {
      const { id } = await find(request, request.params.id);
      await deps.reviewQueues.remove(id);
      return reply.code(204).send(null);
    },
  );

  app.get(
    "/review-queues/:id/items",
    {
      schema: {
        tags,
        summary: "Traces of a queue, pending ones first, in the order of review",
        params: QueueParams,
        querystring: ItemList,
        response: { 200: ItemPage },
      },
    },
    async (request) => {
      const { id } = await find(request, request.params.id);
      const { state, limit, cursor } = request.query;
      const offset = Number(cursor ?? 0);
      const items = await deps.reviewQueues.items(id, state, limit + 1, offset);
      return { data: items.slice(0, limit).map(itemOut), next_cursor: items.length > limit ? String(offset + limit) : null };
    },
  );

  app.post(
    "/review-queues/:id/items",
    {
      schema: {
        tags,
        summary: "Add traces, or a sample of those that say most",
        params: QueueParams,
        body: NewReviewItems,
        response: { 200: z.object({ added: z.number() }) },
      },
    },
    async (request) => {
      const queue = await find(request, request.params.id);
      const { trace_ids: ids, sample } = request.body;
      if ((ids === undefined) === (sample === undefined)) throw new TelltaleError("bad_request", "Say either trace_ids or sample");
      const items = ids === undefined ? await drawn(deps, queue, sample, request.signal) : await chosen(deps, queue, ids);
      return { added: await deps.reviewQueues.add(queue.id, items) };
    },
  );

  app.post(
    "/review-queues/:id/next",
    {
      schema: {
        tags,
        summary: "The next trace for a reviewer, theirs for ten minutes; null when nothing is left",
        params: QueueParams,
        body: ReviewNext,
        response: { 200: z.object({ item: ReviewItemOut.nullable() }) },
      },
    },
    async (request) => {
      const { id } = await find(request, request.params.id);
      const item = await deps.reviewQueues.next(id, request.body.reviewer);
      return { item: item === undefined ? null : itemOut(item) };
    },
  );

  app.post(
    "/review-queues/:id/items/:trace_id/label",
    {
      schema: { tags, summary: "A reviewer's answer, written as feedback by a human", params: ItemParams, body: ReviewLabel, response: { 200: ReviewItemOut } },
    },
    async (request) => {
      const queue = await find(request, request.params.id);
      const item = await findItem(deps, queue, request.params.trace_id);
      const { reviewer, value, rationale } = request.body;
      checkValue(queue, value);
      const assessment = labelOf(queue, item, { reviewer, value, rationale }, deps.now());
      await deps.ingest.apply([{ type: "assessment", assessment }]);
      await deps.reviewQueues.end(queue.id, item.traceId, { state: "done", reviewer, assessmentId: assessment.assessmentId });
      return itemOut(await findItem(deps, queue, item.traceId));
    },
  );

  app.post(
    "/review-queues/:id/items/:trace_id/skip",
    { schema: { tags, summary: "Leave a trace out", params: ItemParams, body: ReviewNext, response: { 200: ReviewItemOut } } },
    async (request) => {
      const queue = await find(request, request.params.id);
      const item = await findItem(deps, queue, request.params.trace_id);
      await deps.reviewQueues.end(queue.id, item.traceId, { state: "skipped", reviewer: request.body.reviewer, assessmentId: item.assessmentId });
      return itemOut(await findItem(deps, queue, item.traceId));
    },
  );
}

async function findItem({ reviewQueues }: ReviewDeps, queue: ReviewQueue, traceId: string): Promise<ReviewItem> {
  const item = await reviewQueues.findItem(queue.id, traceId.replace(/^tr-/, ""));
  if (item === undefined) throw new TelltaleError("not_found", `The trace ${traceId} is not in the review queue ${queue.name}`);
  return item;
}

/** Traces that somebody chose because they look interesting: they are no sample, so they have no chance of inclusion. */
async function chosen({ questions }: ReviewDeps, queue: ReviewQueue, ids: readonly string[]): Promise<NewReviewItem[]> {
  const wanted = ids.map((id) => id.replace(/^tr-/, ""));
  const found = await questions.findTraces({ projectIds: [queue.projectId] }, wanted);
  const missing = wanted.find((id) => !found.some((trace) => trace.traceId === id));
  if (missing !== undefined) throw new TelltaleError("trace_not_found", `There is no trace ${missing} in project ${queue.projectId}`);
  return found.map((trace) => ({ traceId: trace.traceId, inclusion: undefined, priority: 1 }));
}

async function drawn(
  { questions }: ReviewDeps,
  queue: ReviewQueue,
  sample: z.output<typeof NewReviewItems>["sample"],
  signal: AbortSignal,
): Promise<NewReviewItem[]> {
  if (sample === undefined) return [];
  const [fromNs, toNs] = [parseTimestamp(sample.from, "from"), parseTimestamp(sample.to, "to")];
  if (fromNs >= toNs) throw new TelltaleError("bad_request", "from is not before to", { field: "sample.from" });
  const scope = { projectIds: [queue.projectId] };
  const candidates = new Map<string, number | undefined>();
  let cursor: string | undefined;
  do {
    const page = await questions.searchTraces({ scope, filter: eligibleFilter(sample.filter), limit: PAGE, cursor, fromNs, toNs }, signal);
    const scores = await questions.assessmentsOf(
      scope,
      page.traces.map((trace) => trace.traceId),
      signal,
    );
    for (const trace of page.traces) candidates.set(trace.traceId, undefined);
    for (const score of scores) if (score.name === queue.label && score.sourceType !== "HUMAN" && score.valid) candidates.set(score.traceId, numberIn(score));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined && candidates.size < MAX_CANDIDATES);
  return drawForReview(
    Array.from(candidates, ([traceId, score]) => ({ traceId, score })),
    sample.count,
    Math.random,
  );
}

function numberIn({ valueJson }: Assessment): number | undefined {
  const value: unknown = valueJson === undefined ? undefined : JSON.parse(valueJson);
  return typeof value === "number" ? value : undefined;
}

function checkValue(queue: ReviewQueue, value: boolean | number | string): void {
  const answer = ReviewAnswer.parse(queue.answer);
  const isAllowed =
    answer.kind === "boolean"
      ? typeof value === "boolean"
      : answer.kind === "number"
        ? typeof value === "number" && value >= answer.min && value <= answer.max
        : answer.kind === "text"
          ? typeof value === "string"
          : typeof value === "string" && answer.values.includes(value);
  if (!isAllowed) throw new TelltaleError("bad_request", `${JSON.stringify(value).slice(0, 100)} is none of the answers of this queue`, { field: "value" });
}

/** A reviewer's second answer to the same trace replaces the first. */
function labelOf(queue: ReviewQueue, item: ReviewItem, label: { reviewer: string; value: unknown; rationale: string | undefined }, nowMs: number): Assessment {
  return {
    projectId: queue.projectId,
    traceId: item.traceId,
    spanId: "",
    assessmentId: assessmentIdOf("review", queue.id, item.traceId),
    name: queue.label,
    kind: "feedback",
    valueJson: doubleJson(label.value),
    error: undefined,
    sourceType: "HUMAN",
    sourceId: label.reviewer,
    rationale: label.rationale,
    metadata: new Map([
      ["telltale.review.queue", queue.name],
      item.inclusion === undefined ? ["telltale.review.chosen", "true"] : ["telltale.review.inclusion", String(item.inclusion)],
    ]),
    overrides: undefined,
    valid: true,
    createdMs: nowMs,
    updatedMs: nowMs,
  };
}

function queueOut(queue: ReviewQueue, progress: ReviewQueueOut["progress"]): ReviewQueueOut {
  return {
    id: queue.id,
    project_id: queue.projectId,
    name: queue.name,
    description: queue.description,
    label: queue.label,
    answer: ReviewAnswer.parse(queue.answer),
    progress,
    created_at: formatMs(queue.createdMs),
    updated_at: formatMs(queue.updatedMs),
  };
}

function itemOut(item: ReviewItem): ReviewItemOut {
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

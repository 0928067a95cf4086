import { TelltaleError } from "@telltale/model";
import { NewReviewQueue, ReviewEstimate, ReviewQueueOut, ReviewQueuePatch } from "@telltale/model/api";
import type { ReviewQueue } from "@telltale/store";
import { z } from "zod";
import { assertAnswerOf } from "./answers.ts";
import { estimateOf } from "./estimate.ts";
import { firstQuestion, questionsOf } from "./questions.ts";
import { assertInScope } from "../../scope.ts";
import type { TypedApp } from "../../typed-routes.ts";
import { Paging, pageOf } from "../paging.ts";
import { findQueue, QueueParams, type ReviewDeps, showQueues } from "./deps.ts";

const QueueList = Paging.extend({ project_id: z.string().max(20).default("0") });
const QueuePage = z.object({ data: z.array(ReviewQueueOut), next_cursor: z.string().nullable() });
const tags = ["review"];

/** Review queues: what people are asked about which traces, and how far they are. */
export function reviewQueueRoutes(app: TypedApp, deps: ReviewDeps): void {
  const show = async (queue: ReviewQueue): Promise<ReviewQueueOut> => {
    const [shown] = await showQueues(deps, [queue]);
    if (shown === undefined) throw new TelltaleError("not_found", `There is no review queue with id ${queue.id}`);
    return shown;
  };

  app.get(
    "/review-queues",
    { schema: { tags, summary: "Review queues of a project, by name", querystring: QueueList, response: { 200: QueuePage } } },
    async (request) => {
      assertInScope(request, request.query.project_id);
      const page = pageOf(await deps.reviewQueues.list(request.query.project_id), request.query);
      return { ...page, data: await showQueues(deps, page.data) };
    },
  );

  app.post(
    "/review-queues",
    { schema: { tags, summary: "Create a review queue", body: NewReviewQueue, response: { 201: ReviewQueueOut } } },
    async (request, reply) => {
      assertInScope(request, request.body.project_id);
      return reply.code(201).send(await show(await create(deps, request.body)));
    },
  );

  app.get(
    "/review-queues/:id",
    { schema: { tags, summary: "A review queue and how far it is", params: QueueParams, response: { 200: ReviewQueueOut } } },
    async (request) => show(await findQueue(deps, request, request.params.id)),
  );

  app.patch(
    "/review-queues/:id",
    {
      schema: {
        tags,
        summary: "Rename, describe, assign, or want another interval",
        params: QueueParams,
        body: ReviewQueuePatch,
        response: { 200: ReviewQueueOut },
      },
    },
    async (request) => {
      const { id } = await findQueue(deps, request, request.params.id);
      const { half_width: halfWidth, ...fields } = request.body;
      return show(await deps.reviewQueues.change(id, { ...fields, halfWidth }));
    },
  );

  app.delete(
    "/review-queues/:id",
    { schema: { tags, summary: "Delete a queue; the labels stay", params: QueueParams, response: { 204: z.null() } } },
    async (request, reply) => {
      const { id } = await findQueue(deps, request, request.params.id);
      await deps.reviewQueues.remove(id);
      return reply.code(204).send(null);
    },
  );

  app.get(
    "/review-queues/:id/estimate",
    {
      schema: {
        tags,
        summary: "The rate that the labels give so far, its interval, and how many labels the wanted one takes",
        params: QueueParams,
        response: { 200: ReviewEstimate },
      },
    },
    async (request) => {
      const queue = await findQueue(deps, request, request.params.id);
      const schemas = queue.label === undefined ? await deps.labelSchemas.list(queue.projectId) : [];
      return estimateOf(queue, firstQuestion(questionsOf(queue, schemas)), deps, request.signal);
    },
  );
}

async function create(deps: ReviewDeps, body: NewReviewQueueBody): Promise<ReviewQueue> {
  const { project_id: projectId, label_schema_ids: schemaIds = [], half_width: halfWidth, label, answer, ...fields } = body;
  const schemas = schemaIds.length === 0 ? [] : await deps.labelSchemas.list(projectId);
  const unknown = schemaIds.find((id) => !schemas.some((schema) => schema.id === id));
  if (unknown !== undefined)
    throw new TelltaleError("bad_request", `There is no label schema with id ${unknown} in this project`, { field: "label_schema_ids" });
  if (answer !== undefined) assertAnswerOf(answer);
  const own = label === undefined ? undefined : (answer ?? { kind: "boolean" as const });
  return deps.reviewQueues.create({ ...fields, projectId, halfWidth, schemaIds, label, answer: own, isPersonal: false });
}

type NewReviewQueueBody = z.output<typeof NewReviewQueue>;

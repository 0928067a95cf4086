import { TelltaleError } from "@telltale/model";
import { NewReviewItems, ReviewItemOut, ReviewLabel, ReviewNext } from "@telltale/model/api";
import type { ReviewQueue } from "@telltale/store";
import { z } from "zod";
import { assertAllowed } from "./answers.ts";
import { chooseJudges } from "../judged-by.ts";
import { parseWindow } from "../wire/timestamp.ts";
import { labelIds, labelOf } from "./label.ts";
import { chosenItems, drawnItems } from "./draw-items.ts";
import { firstQuestion, questionsOf } from "./questions.ts";
import type { TypedApp } from "../../typed-routes.ts";
import { findItem, findQueue, QueueParams, type ReviewDeps } from "./deps.ts";
import { itemOut } from "./wire.ts";

const ItemParams = QueueParams.extend({ trace_id: z.string().max(250) });
const ItemList = z.object({ state: z.enum(["pending", "done", "skipped"]).optional(), limit: z.coerce.number().int().min(1).max(1000).default(100), cursor: z.string().regex(/^\d{1,6}$/).optional() }); // prettier-ignore
const ItemPage = z.object({ data: z.array(ReviewItemOut), next_cursor: z.string().nullable() });
const tags = ["review"];

/** The traces of review queues, and what reviewers say of them. */
export function reviewItemRoutes(app: TypedApp, deps: ReviewDeps): void {
  const asked = async (queue: ReviewQueue) => questionsOf(queue, queue.label === undefined ? await deps.labelSchemas.list(queue.projectId) : []);

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
      const { id } = await findQueue(deps, request, request.params.id);
      const { state, limit, cursor } = request.query;
      const offset = Number(cursor ?? 0);
      const items = await deps.reviewItems.items(id, state, limit + 1, offset);
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
      const queue = await findQueue(deps, request, request.params.id);
      const { trace_ids: ids, sample } = request.body;
      if ((ids === undefined) === (sample === undefined)) throw new TelltaleError("bad_request", "Say either trace_ids or sample");
      if (sample === undefined) return { added: await deps.reviewItems.add(queue.id, await chosenItems(deps.questions, queue, ids ?? [])) };
      const label = firstQuestion(await asked(queue)).name;
      const window = { scope: { projectIds: [queue.projectId] }, name: label, ...parseWindow(sample, "sample.from") };
      const { judgedBy } = chooseJudges(await deps.countJudges(window, request.signal), await deps.scorerNamed(queue.projectId, label));
      const added = await deps.reviewItems.add(queue.id, await drawnItems(deps.questions, queue, label, sample, judgedBy, request.signal));
      await deps.reviewQueues.keepSample(queue.id, sample);
      return { added };
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
      const { id } = await findQueue(deps, request, request.params.id);
      const item = await deps.reviewItems.next(id, request.body.reviewer);
      return { item: item === undefined ? null : itemOut(item) };
    },
  );

  app.post(
    "/review-queues/:id/items/:trace_id/label",
    {
      schema: { tags, summary: "A reviewer's answer, written as feedback by a human", params: ItemParams, body: ReviewLabel, response: { 200: ReviewItemOut } },
    },
    async (request) => {
      const queue = await findQueue(deps, request, request.params.id);
      const item = await findItem(deps, queue, request.params.trace_id);
      const { reviewer, value, rationale, question: name } = request.body;
      const questions = await asked(queue);
      const question = name === undefined ? firstQuestion(questions) : questions.find((one) => one.name === name);
      if (question === undefined) throw new TelltaleError("bad_request", `This queue does not ask for ${name}`, { field: "question" });
      assertAllowed(question.answer, value);
      const assessment = labelOf(queue, item, question, { reviewer, value, rationale }, deps.now());
      await deps.ingest.apply([{ type: "assessment", assessment }]);
      if (question === questions.at(-1)) await deps.reviewItems.end(queue.id, item.traceId, { state: "done", reviewer, assessmentId: assessment.assessmentId });
      return itemOut(await findItem(deps, queue, item.traceId));
    },
  );

  app.post(
    "/review-queues/:id/items/:trace_id/skip",
    { schema: { tags, summary: "Leave a trace out", params: ItemParams, body: ReviewNext, response: { 200: ReviewItemOut } } },
    async (request) => {
      const queue = await findQueue(deps, request, request.params.id);
      const item = await findItem(deps, queue, request.params.trace_id);
      await deps.reviewItems.end(queue.id, item.traceId, { state: "skipped", reviewer: request.body.reviewer, assessmentId: item.assessmentId });
      return itemOut(await findItem(deps, queue, item.traceId));
    },
  );

  app.post(
    "/review-queues/:id/items/:trace_id/reopen",
    {
      schema: {
        tags,
        summary: "Take back an answer or a skip: what this queue wrote of the trace is deleted, and the trace is the reviewer's again",
        params: ItemParams,
        body: ReviewNext,
        response: { 200: ReviewItemOut },
      },
    },
    async (request) => {
      const queue = await findQueue(deps, request, request.params.id);
      const { traceId, state } = await findItem(deps, queue, request.params.trace_id);
      if (state !== "skipped")
        await deps.ingest.apply(
          labelIds(queue, traceId, await asked(queue)).map((assessmentId) => ({
            type: "assessment_delete" as const,
            projectId: queue.projectId,
            traceId,
            assessmentId,
          })),
        );
      await deps.reviewItems.reopen(queue.id, traceId, request.body.reviewer);
      return itemOut(await findItem(deps, queue, traceId));
    },
  );
}

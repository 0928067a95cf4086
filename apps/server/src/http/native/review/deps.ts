import { TelltaleError } from "@telltale/model";
import type { ReviewQueueOut } from "@telltale/model/api";
import type { JudgeCount, ReviewItem, ReviewItems, ReviewQueue, ReviewQueues, TraceQuestions, VerdictCount, VerdictQuestion } from "@telltale/store";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { Ingest } from "../../../pipeline/ingest.ts";
import type { LabelSchemaDeps } from "../label-schemas.ts";
import type { ScorerNamed } from "../scorer-threshold.ts";
import { questionsOf } from "./questions.ts";
import { assertInScope } from "../../scope.ts";
import { queueOut } from "./wire.ts";

export interface ReviewDeps extends LabelSchemaDeps {
  reviewQueues: ReviewQueues;
  reviewItems: ReviewItems;
  questions: TraceQuestions;
  countJudges: (question: VerdictQuestion, signal?: AbortSignal) => Promise<JudgeCount[]>;
  countVerdicts: (question: VerdictQuestion, signal?: AbortSignal) => Promise<VerdictCount[]>;
  scorerNamed: ScorerNamed;
  ingest: Ingest;
  now: () => number;
}

export const QueueParams = z.object({ id: z.string().max(40) });

/** The queue of a request, if the asker may see its project. */
export async function findQueue({ reviewQueues }: ReviewDeps, request: FastifyRequest, id: string): Promise<ReviewQueue> {
  const queue = await reviewQueues.find(id);
  if (queue === undefined) throw new TelltaleError("not_found", `There is no review queue with id ${id}`);
  assertInScope(request, queue.projectId);
  return queue;
}

export async function findItem({ reviewItems }: ReviewDeps, queue: ReviewQueue, traceId: string): Promise<ReviewItem> {
  const item = await reviewItems.findItem(queue.id, traceId.replace(/^tr-/, ""));
  if (item === undefined) throw new TelltaleError("not_found", `The trace ${traceId} is not in the review queue ${queue.name}`);
  return item;
}

/** Queues with what they ask and how far they are. */
export async function showQueues({ labelSchemas, reviewItems }: ReviewDeps, queues: readonly ReviewQueue[]): Promise<ReviewQueueOut[]> {
  const first = queues[0];
  if (first === undefined) return [];
  const schemas = queues.every((queue) => queue.label !== undefined) ? [] : await labelSchemas.list(first.projectId);
  return Promise.all(queues.map(async (queue) => queueOut(queue, questionsOf(queue, schemas), await reviewItems.counts(queue.id))));
}

import { queryOptions } from "@tanstack/react-query";
import type { ReviewEstimate, ReviewItemOut, ReviewQueueOut, ReviewSample, ReviewValue } from "@telltale/model/api";
import type { z } from "zod";
import type { NewReviewQueue as NewReviewQueueSchema, ReviewQueuePatch } from "@telltale/model/api";
import { call } from "./client.ts";

/** Others label too: a queue is a quarter of a minute old at most. */
const REFRESH_MS = 15_000;

export type NewQueue = z.input<typeof NewReviewQueueSchema>;
export type QueuePatch = z.input<typeof ReviewQueuePatch>;

const pathOf = (id: string, rest = ""): string => `/review-queues/${encodeURIComponent(id)}${rest}`;

export const queuesQuery = (project: string) =>
  queryOptions({
    queryKey: ["review-queues", "of", project],
    queryFn: async ({ signal }) =>
      (await call<{ data: ReviewQueueOut[] }>(`/review-queues?limit=1000&project_id=${encodeURIComponent(project)}`, { signal })).data,
    staleTime: REFRESH_MS / 2,
    refetchInterval: REFRESH_MS,
  });

export const queueQuery = (id: string) =>
  queryOptions({
    queryKey: ["review-queues", "one", id],
    queryFn: ({ signal }) => call<ReviewQueueOut>(pathOf(id), { signal }),
    staleTime: REFRESH_MS / 2,
    refetchInterval: REFRESH_MS,
  });

/** What the labels say so far; asked again after every answer. */
export const estimateQuery = (id: string) =>
  queryOptions({
    queryKey: ["review-queues", "estimate", id],
    queryFn: ({ signal }) => call<ReviewEstimate>(pathOf(id, "/estimate"), { signal }),
    staleTime: REFRESH_MS,
  });

/** Makes a queue and fills it. One that stays empty is not kept: throws then, with the reason. */
export async function createQueue(queue: NewQueue, sample: ReviewSample): Promise<ReviewQueueOut> {
  const made = await call<ReviewQueueOut>("/review-queues", { method: "POST", body: queue });
  try {
    const { added } = await call<{ added: number }>(pathOf(made.id, "/items"), { method: "POST", body: { sample } });
    if (added === 0) throw new Error("No finished trace of that time matches; take a longer time or another filter.");
    return made;
  } catch (error) {
    await deleteQueue(made.id);
    throw error;
  }
}

export const changeQueue = (id: string, patch: QueuePatch) => call<ReviewQueueOut>(pathOf(id), { method: "PATCH", body: patch });

export const deleteQueue = (id: string) => call(pathOf(id), { method: "DELETE" });

export const nextItem = async (id: string, reviewer: string): Promise<ReviewItemOut | null> =>
  (await call<{ item: ReviewItemOut | null }>(pathOf(id, "/next"), { method: "POST", body: { reviewer } })).item;

export interface Answer {
  reviewer: string;
  value: ReviewValue;
  rationale?: string;
  question: string;
}

/** The same answer sent twice is one label. */
export const labelItem = (id: string, traceId: string, answer: Answer) =>
  call<ReviewItemOut>(pathOf(id, `/items/${traceId}/label`), { method: "POST", body: answer });
export const skipItem = (id: string, traceId: string, reviewer: string) =>
  call<ReviewItemOut>(pathOf(id, `/items/${traceId}/skip`), { method: "POST", body: { reviewer } });
export const reopenItem = (id: string, traceId: string, reviewer: string) =>
  call<ReviewItemOut>(pathOf(id, `/items/${traceId}/reopen`), { method: "POST", body: { reviewer } });

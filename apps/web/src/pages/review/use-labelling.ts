import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ReviewQueueOut, ReviewValue } from "@telltale/model/api";
import { useState } from "react";
import { estimateQuery, labelItem, nextItem, queueQuery, reopenItem, skipItem } from "../../api/review.ts";
import { toastError } from "../../components/toast.tsx";

export interface Visited {
  traceId: string;
  /** What one said of it in this sitting, question by question. */
  said: Readonly<Record<string, ReviewValue>>;
  state: "open" | "done" | "skipped";
}

interface Sitting {
  visited: readonly Visited[];
  at: number;
}

/** One sitting of a reviewer: the traces seen so far, where one stands among them, and what can be done. */
export function useLabelling(queue: ReviewQueueOut, reviewer: string) {
  const client = useQueryClient();
  const [{ visited, at }, setSitting] = useState<Sitting>({ visited: [], at: 0 });
  const current = visited[at];
  // What the server hands out is the reviewer's for ten minutes: asked for once per place, never by itself again.
  const next = useQuery({
    queryKey: ["review-next", queue.id, reviewer, visited.length],
    queryFn: async () => {
      const item = await nextItem(queue.id, reviewer);
      if (item !== null)
        setSitting((sitting) =>
          sitting.visited.some(({ traceId }) => traceId === item.trace_id)
            ? sitting
            : { visited: [...sitting.visited, { traceId: item.trace_id, said: {}, state: "open" }], at: sitting.visited.length },
        );
      return item?.trace_id ?? null;
    },
    enabled: current === undefined,
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
  });

  const refresh = (): void => {
    // What people say corrects the rates of scorers, too.
    for (const queryKey of [queueQuery(queue.id).queryKey, estimateQuery(queue.id).queryKey, ["traces"], ["quality-rate"], ["agreement"]])
      void client.invalidateQueries({ queryKey });
  };
  /** Keeps what became of a trace; when it is ended, on to the next that is open. */
  const settle = (traceId: string, change: Partial<Visited>): void => {
    setSitting((sitting) => {
      const all = sitting.visited.map((entry) => (entry.traceId === traceId ? { ...entry, ...change } : entry));
      if (change.state === undefined || change.state === "open") return { visited: all, at: all.findIndex((entry) => entry.traceId === traceId) };
      const open = all.findIndex((entry, index) => index > sitting.at && entry.state === "open");
      return { visited: all, at: open < 0 ? all.length : open };
    });
    refresh();
    void client.invalidateQueries({ queryKey: ["trace", traceId] });
  };

  const answer = useMutation({
    mutationFn: ({ entry, question, value, rationale }: { entry: Visited; question: string; value: ReviewValue; rationale: string }) =>
      labelItem(queue.id, entry.traceId, { reviewer, question, value, ...(rationale.trim() === "" ? {} : { rationale: rationale.trim() }) }),
    onSuccess: (item, { entry, question, value }) =>
      settle(entry.traceId, { said: { ...entry.said, [question]: value }, ...(item.state === "done" ? { state: "done" as const } : {}) }),
    onError: toastError,
  });
  const skip = useMutation({
    mutationFn: (entry: Visited) => skipItem(queue.id, entry.traceId, reviewer),
    onSuccess: (_, entry) => settle(entry.traceId, { state: "skipped" }),
    onError: toastError,
  });
  const undo = useMutation({
    mutationFn: (entry: Visited) => reopenItem(queue.id, entry.traceId, reviewer),
    onSuccess: (_, entry) => settle(entry.traceId, { state: "open", said: {} }),
    onError: toastError,
  });
  const last = visited.findLast((entry, index) => index <= at && (entry.state !== "open" || Object.keys(entry.said).length > 0));
  const isBusy = answer.isPending || skip.isPending || undo.isPending;
  return {
    current,
    position: at,
    seen: visited.length,
    isLoading: current === undefined && next.isFetching,
    error: current === undefined ? next.error : null,
    isFinished: current === undefined && next.data === null && !next.isFetching,
    isBusy,
    retry: () => void next.refetch(),
    answer: (question: string, value: ReviewValue, rationale: string) => {
      if (current !== undefined && !isBusy) answer.mutate({ entry: current, question, value, rationale });
    },
    skip: () => {
      if (current !== undefined && !isBusy) skip.mutate(current);
    },
    undo: last === undefined ? undefined : () => (isBusy ? undefined : undo.mutate(last)),
    back: at === 0 ? undefined : () => setSitting({ visited, at: at - 1 }),
    forward: current === undefined || (at === visited.length - 1 && current.state === "open") ? undefined : () => setSitting({ visited, at: at + 1 }),
  };
}

export type Labelling = ReturnType<typeof useLabelling>;

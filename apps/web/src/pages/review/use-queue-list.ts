import { useQueries, useQuery } from "@tanstack/react-query";
import type { ReviewQueueOut } from "@telltale/model/api";
import { projectsQuery } from "../../api/queries.ts";
import { queuesQuery } from "../../api/review.ts";

/** Queues belong to a project; of all projects so many are asked at once. */
const PROJECTS_AT_ONCE = 30;

export interface QueueList {
  /** Undefined while they are read. */
  queues: readonly ReviewQueueOut[] | undefined;
  error: Error | null;
  /** Projects that were not asked. */
  leftOut: number;
  projectName: (id: string) => string | undefined;
  retry: () => void;
}

/** The review queues of the project of the URL, or of all projects; those with work first. */
export function useQueueList(project: string | undefined): QueueList {
  const projects = useQuery(projectsQuery);
  const ids = project === undefined ? (projects.data ?? []).map(({ id }) => id) : [project];
  const lists = useQueries({ queries: ids.slice(0, PROJECTS_AT_ONCE).map((id) => queuesQuery(id)) });
  const isWaiting = (project === undefined && projects.isPending) || lists.some(({ isPending }) => isPending);
  const queues = lists.flatMap(({ data }) => data ?? []);
  return {
    queues: isWaiting ? undefined : queues.toSorted((a, b) => Number(b.progress.pending > 0) - Number(a.progress.pending > 0)),
    error: (project === undefined ? projects.error : null) ?? lists.find((list) => list.error !== null)?.error ?? null,
    leftOut: Math.max(0, ids.length - PROJECTS_AT_ONCE),
    projectName: (id) => projects.data?.find((entry) => entry.id === id)?.name,
    retry: () => {
      if (projects.isError) void projects.refetch();
      for (const list of lists) if (list.isError) void list.refetch();
    },
  };
}

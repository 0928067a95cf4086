import { useQueries, useQuery } from "@tanstack/react-query";
import type { ScorerOut } from "@telltale/model/api";
import { projectsQuery } from "../../api/queries.ts";
import { scorersQuery } from "../../api/scorers.ts";

/** Scorers belong to a project; of all projects, those of the first so many are listed. */
const MAX_PROJECTS = 30;

export interface ScorerList {
  /** Undefined while the first of them are read. */
  scorers: readonly ScorerOut[] | undefined;
  error: Error | null;
  /** How many projects were left out. */
  leftOut: number;
  projectName: (id: string) => string | undefined;
  retry: () => void;
}

/** The scorers of the project of the URL, or of all projects. */
export function useScorerList(project: string | undefined): ScorerList {
  const projects = useQuery(projectsQuery);
  const ids = project === undefined ? (projects.data ?? []).map(({ id }) => id) : [project];
  const lists = useQueries({ queries: ids.slice(0, MAX_PROJECTS).map((id) => scorersQuery(id)) });
  const isWaiting = (project === undefined && projects.isPending) || lists.some(({ isPending }) => isPending);
  const error = (project === undefined ? projects.error : null) ?? lists.find((list) => list.error !== null)?.error ?? null;
  return {
    scorers: isWaiting ? undefined : lists.flatMap(({ data }) => data ?? []),
    error,
    leftOut: Math.max(0, ids.length - MAX_PROJECTS),
    projectName: (id) => projects.data?.find((entry) => entry.id === id)?.name,
    retry: () => {
      if (projects.isError) void projects.refetch();
      for (const list of lists) if (list.isError) void list.refetch();
    },
  };
}

import { useQueries, useQuery } from "@tanstack/react-query";
import type { ScorerOut } from "@telltale/model/api";
import { useState } from "react";
import { projectsQuery } from "../../api/queries.ts";
import { scorersQuery } from "../../api/scorers.ts";
import { plural } from "../../format/number.ts";

/** Scorers belong to a project; of all projects so many are asked at once. */
const PROJECTS_AT_ONCE = 30;
/** Each row asks for its own figures. */
const ROWS_AT_ONCE = 30;

export interface ScorerList {
  /** Those to show, from the first on. Undefined while the first of them are read. */
  scorers: readonly ScorerOut[] | undefined;
  error: Error | null;
  /** What is not shown yet, in words; undefined when everything is. */
  rest: string | undefined;
  showMore: () => void;
  projectName: (id: string) => string | undefined;
  retry: () => void;
}

/** The scorers of the project of the URL, or of all projects, page by page. */
export function useScorerList(project: string | undefined): ScorerList {
  const [rows, setRows] = useState(ROWS_AT_ONCE);
  const [asked, setAsked] = useState(PROJECTS_AT_ONCE);
  const projects = useQuery(projectsQuery);
  const ids = project === undefined ? (projects.data ?? []).map(({ id }) => id) : [project];
  const lists = useQueries({ queries: ids.slice(0, asked).map((id) => scorersQuery(id)) });
  const isWaiting = (project === undefined && projects.isPending) || lists.slice(0, PROJECTS_AT_ONCE).some(({ isPending }) => isPending);
  const error = (project === undefined ? projects.error : null) ?? lists.find((list) => list.error !== null)?.error ?? null;
  const known = lists.flatMap(({ data }) => data ?? []);
  const unasked = Math.max(0, ids.length - asked);
  return {
    scorers: isWaiting ? undefined : known.slice(0, rows),
    error,
    rest: restText(Math.max(0, known.length - rows), unasked),
    showMore: () => {
      setRows(rows + ROWS_AT_ONCE);
      if (known.length < rows + ROWS_AT_ONCE && unasked > 0) setAsked(asked + PROJECTS_AT_ONCE);
    },
    projectName: (id) => projects.data?.find((entry) => entry.id === id)?.name,
    retry: () => {
      if (projects.isError) void projects.refetch();
      for (const list of lists) if (list.isError) void list.refetch();
    },
  };
}

/** `12 more scorers`, `12 more scorers, and those of 3 projects`. */
export function restText(scorers: number, projects: number): string | undefined {
  const parts = [scorers === 0 ? "" : `${plural(scorers, "more scorer")}`, projects === 0 ? "" : `those of ${plural(projects, "more project")}`];
  const said = parts.filter((part) => part !== "").join(", and ");
  return said === "" ? undefined : said;
}

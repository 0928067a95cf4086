import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useCallback, useRef, useState } from "react";
import { searchTraces } from "../api/queries.ts";
import { QueryBar } from "../components/QueryBar.tsx";
import type { Scope } from "../url/scope.ts";
import { filterProblem } from "./filter-problem.ts";
import { useHotkeys } from "./hotkeys.ts";

export interface FilterBarProps {
  scope: Scope;
  /** The error of any question of the page: a filter that is not understood is said here, once. */
  error: Error | null | undefined;
}

/** The query bar of a page of figures: `?filter=` narrows all of them. */
export function FilterBar({ scope, error }: FilterBarProps) {
  const navigate = useNavigate();
  const bar = useRef<{ focus: () => void }>(null);
  const [wasFocused, setFocused] = useState(false);
  const { filter, window, project } = scope;
  // The values of completions come with the first focus: few visits need them.
  const facets = useQuery({
    queryKey: ["filter-values", project, window.isOpen ? "open" : window.from],
    queryFn: ({ signal }) =>
      searchTraces({ ...(project === undefined ? {} : { project_ids: [project] }), from: window.from, to: window.to, limit: 1, include: ["facets"] }, signal),
    enabled: wasFocused,
    staleTime: 60_000,
  });
  const valuesOf = useCallback((field: string) => facets.data?.facets?.find((facet) => facet.field === field)?.values ?? [], [facets.data]);
  useHotkeys({ "/": () => bar.current?.focus() });
  return (
    <div className="min-w-0 grow" onFocus={() => setFocused(true)}>
      <QueryBar
        ref={bar}
        value={filter}
        valuesOf={valuesOf}
        error={filterProblem(error)}
        onSubmit={(next) => void navigate({ to: ".", search: (previous) => ({ ...previous, filter: next === "" ? undefined : next }) as never, replace: true })}
      />
    </div>
  );
}

import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";

const figures = [["metrics"], ["quality-rate"], ["agreement"]] as const;

/** Asks for the figures of the page again when the number of scores has moved: what is scored meanwhile is drawn, too. */
export function useFreshFigures(scored: number | undefined): void {
  const queries = useQueryClient();
  const last = useRef(scored);
  useEffect(() => {
    if (scored === undefined || scored === last.current) return;
    if (last.current !== undefined) for (const queryKey of figures) void queries.invalidateQueries({ queryKey });
    last.current = scored;
  }, [scored, queries]);
}

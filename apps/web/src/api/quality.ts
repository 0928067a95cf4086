import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { AgreementAnswer, QualityRateAnswer } from "@telltale/model/api";
import { call } from "./client.ts";
import type { ScorerKey } from "./scorers.ts";

export interface QualityWindow {
  from: string;
  to: string;
  /** Step of the series; absent = no series. */
  interval?: string;
}

export type SliceField = "route" | "environment" | "version" | "model";

const common = { placeholderData: keepPreviousData, staleTime: 25_000, gcTime: 60_000 } as const;

/** The pass rate of a scorer, raw and corrected by what people said. */
export const qualityRateQuery = ({ name, project_id }: ScorerKey, { from, to, interval }: QualityWindow) =>
  queryOptions({
    ...common,
    queryKey: ["quality-rate", project_id, name, from, to, interval],
    queryFn: ({ signal }) =>
      call<QualityRateAnswer>(
        `/quality/rate?${new URLSearchParams({ scorer: name, project_id, from, to, ...(interval === undefined ? {} : { interval: inDays(interval) }) })}`,
        { signal },
      ),
  });

/** How far a scorer and people agree. */
export const agreementQuery = ({ name, project_id }: ScorerKey, { from, to }: QualityWindow, sliceBy?: SliceField) =>
  queryOptions({
    ...common,
    queryKey: ["agreement", project_id, name, from, to, sliceBy],
    queryFn: ({ signal }) =>
      call<AgreementAnswer>(
        `/quality/agreement?${new URLSearchParams({ scorer: name, project_id, from, to, ...(sliceBy === undefined ? {} : { slice_by: sliceBy }) })}`,
        { signal },
      ),
  });

/** These routes know no weeks. */
function inDays(interval: string): string {
  return interval.endsWith("w") ? `${Number(interval.slice(0, -1)) * 7}d` : interval;
}

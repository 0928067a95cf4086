/** What makes a trace a good one. */
export type SloIndicator = { kind: "latency" | "ttft"; thresholdMs: number } | { kind: "error_rate" };

export const sloWindowDays = [7, 28, 30] as const;
export type SloWindowDays = (typeof sloWindowDays)[number];

/** What is promised: of the traces that match `filter` and start in the last `windowDays`, the share `target` is good. */
export interface SloObjective {
  /** `null`: all projects. */
  projectId: string | null;
  /** In the filter language; `""`: all traces. */
  filter: string;
  indicator: SloIndicator;
  /** Between 0 and 1. */
  target: number;
  windowDays: SloWindowDays;
}

/** A service level objective. */
export interface Slo extends SloObjective {
  id: string;
  name: string;
  description: string;
  createdMs: number;
  updatedMs: number;
}

/** Which traces have the signal, and which of them are bad, as clauses of the filter language. */
export function indicatorClauses(indicator: SloIndicator): { counted: string; bad: string } {
  switch (indicator.kind) {
    case "latency":
      return { counted: "status != 'IN_PROGRESS'", bad: `duration_ms > ${indicator.thresholdMs}` };
    case "ttft":
      return { counted: "ttft_ms IS NOT NULL", bad: `ttft_ms > ${indicator.thresholdMs}` };
    case "error_rate":
      return { counted: "status != 'IN_PROGRESS'", bad: "status = 'ERROR'" };
  }
}

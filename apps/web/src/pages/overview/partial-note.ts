import type { MetricsAnswer } from "@telltale/model/api";

/** What a panel says of an answer that hit a limit; undefined when it is whole. */
export function partialNote(answer: MetricsAnswer | undefined): string | undefined {
  return answer?.partial === true ? "Newest part only: the query reached its limit" : undefined;
}

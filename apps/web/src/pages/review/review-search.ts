import { text } from "../../url/search.ts";

export interface ReviewSearch {
  /** `mine`: those assigned to the reader. */
  show?: "mine";
  /** The form of a new queue is open, for the scorer of this name. */
  label?: string;
  /** How many traces it suggests. */
  count?: string;
}

export function readReviewSearch(raw: Record<string, unknown>): ReviewSearch {
  const [label, count] = [text(raw["label"]), text(raw["count"])];
  return {
    ...(raw["show"] === "mine" ? { show: "mine" as const } : {}),
    ...(label === undefined ? {} : { label }),
    ...(count === undefined || !/^\d{1,4}$/.test(count) ? {} : { count }),
  };
}

/** To the form of a new queue for a scorer. */
export const labelSearch = (scorer: { name: string; project_id: string }, count: number) => (previous: object) =>
  ({ ...previous, project: scorer.project_id, label: scorer.name, count: String(count) }) as never;

import type { ScorerHealth } from "@telltale/model/api";

/** Fewer than this pass by while one looks: live traffic always has a few under way. */
const WORTH_SHOWING = 20;

export interface Progress {
  label: string;
  done: number;
  total: number;
  /** More will be added to `total`. */
  isGrowing: boolean;
}

/** A backfill that goes on by its own figures, else the queue of live traffic; `undefined` = there is little to wait for. */
export function progressOf({ backfill, waiting, running, sampled }: Pick<ScorerHealth, "backfill" | "waiting" | "running" | "sampled">): Progress | undefined {
  if (backfill !== null && (backfill.state === "running" || backfill.done < backfill.added))
    return { label: "Backfill", done: backfill.done, total: backfill.added, isGrowing: backfill.state === "running" };
  const open = waiting + running;
  return open < WORTH_SHOWING ? undefined : { label: "Scoring", done: Math.max(0, sampled - open), total: sampled, isGrowing: false };
}

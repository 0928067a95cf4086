import { TelltaleError } from "@telltale/model";
import type { Engine } from "../../engine/engine.ts";
import { SqlParams } from "../../filter-to-sql/sql-params.ts";
import type { TraceQuery } from "../../store.ts";
import { type BucketWindow, windowOf } from "./time-window.ts";
import { wantedBy, type Wanted, windowConditions } from "./trace-conditions.ts";
import type { TraceHistogram } from "./trace-histogram.ts";

/** A count is an extra of a page: after this long it says what it has. */
const MAX_SECONDS = 5;
const MAX_MEMORY_BYTES = 1024 * 1024 * 1024;
/** A first window of a count is this many windows of a page: it must read everything anyway. */
const PAGES = 50;
const GROWTH = 8;
/** Keys hold the month of a row, so a partition never has a newer version of a row of another one. One thread: pages keep the other cores. */
export const SCAN_SETTINGS = "SETTINGS do_not_merge_across_partitions_select_final = 1, max_threads = 1";

export async function countTraces(
  engine: Engine,
  histogram: TraceHistogram,
  query: TraceQuery,
  signal?: AbortSignal,
): Promise<{ count: number; partial: boolean }> {
  let count = 0;
  const partial = await readNewestFirst(engine, histogram, query, { signal, deadlineMs: countDeadline(histogram) }, async (where, params, options) => {
    const rows = await engine.query<{ n: string }>(`SELECT count() AS n FROM traces FINAL WHERE ${where} ${SCAN_SETTINGS}`, params.values, options);
    count += Number(rows[0]?.n ?? 0);
  });
  return { count, partial };
}

/** When a count that begins now must have said what it has. */
export function countDeadline(histogram: TraceHistogram): number {
  return histogram.now() + MAX_SECONDS * 1000;
}

type Step = (
  where: string,
  params: SqlParams,
  options: { signal: AbortSignal | undefined; lane: "heavy"; maxSeconds: number; maxMemoryBytes: number },
) => Promise<void>;

/**
 * Runs `step` over windows from the newest hour to the oldest until all is read or a limit of time or memory is reached;
 * resolves to true when something was left out. A cancelled query is not partial: it throws.
 */
export async function readNewestFirst(
  engine: Engine,
  histogram: TraceHistogram,
  query: TraceQuery,
  { signal, deadlineMs }: { signal: AbortSignal | undefined; deadlineMs: number },
  step: Step,
): Promise<boolean> {
  const wanted: Wanted = await wantedBy(query, engine, signal);
  const windows: BucketWindow[] = await histogram.windows(
    wanted.scope,
    windowOf(wanted.read),
    "DESC",
    { firstRows: histogram.windowRows * PAGES, growth: GROWTH },
    signal,
  );
  for (const window of windows) {
    const leftSeconds = (deadlineMs - histogram.now()) / 1000;
    if (leftSeconds <= 0) return true;
    const params = new SqlParams();
    const where = windowConditions(wanted, window, "exact", params).join(" AND ");
    try {
      await step(where, params, { signal, lane: "heavy", maxSeconds: leftSeconds, maxMemoryBytes: MAX_MEMORY_BYTES });
    } catch (error) {
      if (error instanceof TelltaleError && error.code === "query_limit") return true;
      throw error;
    }
  }
  return false;
}

import { TelltaleError, type ProjectScope } from "@telltale/model";
import type { Filter } from "@telltale/model/filter";
import type { Engine, QueryOptions } from "../../../engine/engine.ts";
import { scopeSql } from "../../../filter-to-sql/project-scope.ts";
import { SqlParams } from "../../../filter-to-sql/sql-params.ts";
import { type BucketWindow, windowOf, windowSql } from "../time-window.ts";
import { wantedBy, type Wanted, windowConditions } from "../trace-conditions.ts";
import type { TraceHistogram } from "../trace-histogram.ts";

/** Traces that started from `fromNs` (inclusive) to `toNs` (exclusive); their calls belong to them wherever they lie in time. */
export interface CostWindow {
  scope: ProjectScope;
  filter?: Filter | undefined;
  fromNs: bigint;
  toNs: bigint;
}

export interface ReadFrom {
  /** A limit of time or memory was hit: the answer rests on the newest traces since `readFromNs`. */
  partial: boolean;
  readFromNs: bigint;
}

/** First everything; when that hits a limit, the newest hours with this share of the traces. */
const ATTEMPTS = [
  { share: 1, maxSeconds: 8 },
  { share: 1 / 8, maxSeconds: 4 },
  { share: 1 / 64, maxSeconds: 3 },
] as const;
const MAX_MEMORY_BYTES = 1024 * 1024 * 1024;
const NS_PER_S = 1_000_000_000n;
/** Keys hold the month of a row, so a partition never has a newer version of a row of another one. */
export const FINAL_SETTINGS = "SETTINGS do_not_merge_across_partitions_select_final = 1";

/** What one reading of a window may use: conditions on traces and on the spans of these traces. */
export class WindowReading {
  readonly params = new SqlParams();

  constructor(
    readonly wanted: Wanted,
    readonly window: BucketWindow,
    readonly options: QueryOptions,
  ) {}

  /** Conditions on rows of `traces` (read with FINAL). */
  traces(): string {
    return windowConditions(this.wanted, this.window, "exact", this.params).join(" AND ");
  }

  /** Conditions on rows of `spans` (read with FINAL): their keys first, then that their trace is wanted. */
  spans(): string {
    const scope = scopeSql(this.wanted.scope, this.params);
    const inWindow = windowSql(this.window, this.params);
    // Spans lie under the hour in which their trace was first seen, which can differ from the hour of its start.
    const buckets = inWindow.length === 0 ? [] : [`bucket IN (SELECT DISTINCT spans_bucket FROM traces WHERE ${[scope, ...inWindow].join(" AND ")})`];
    return [scope, ...buckets, `(project_id, trace_id) IN (SELECT project_id, trace_id FROM traces FINAL WHERE ${this.traces()})`].join(" AND ");
  }
}

/** Asks about a window as far back as limits of time and memory allow. */
export async function readWindow<Answer>(
  engine: Engine,
  histogram: TraceHistogram,
  { scope, filter, fromNs, toNs }: CostWindow,
  ask: (reading: WindowReading) => Promise<Answer>,
  signal?: AbortSignal,
): Promise<{ answer: Answer } & ReadFrom> {
  if (toNs <= fromNs) throw new TelltaleError("bad_request", "from must be earlier than to", { field: "from" });
  const wanted = await wantedBy({ scope, filter, fromNs, toNs, limit: 1 }, engine, signal);
  const whole = windowOf(wanted.read);
  for (const { share, maxSeconds } of ATTEMPTS) {
    const window = share === 1 ? whole : await histogram.newest(scope, whole, share, signal);
    if (share < 1 && window.from === whole.from) break;
    const readFromNs = share === 1 || window.from === undefined ? fromNs : later(fromNs, BigInt(window.from) * NS_PER_S);
    const options: QueryOptions = { signal, lane: "heavy", maxSeconds, maxMemoryBytes: MAX_MEMORY_BYTES };
    try {
      return { answer: await ask(new WindowReading(wanted, window, options)), partial: share < 1, readFromNs };
    } catch (error) {
      if (!(error instanceof TelltaleError && error.code === "query_limit")) throw error;
    }
  }
  throw new TelltaleError("query_limit", "The query reached its limits of time or memory even for the newest hours; narrow the time range or the filter.");
}

function later(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

import { TelltaleError, type ProjectScope } from "@telltale/model";
import type { Filter } from "@telltale/model/filter";
import type { Engine, QueryOptions } from "../../../engine/engine.ts";
import { filterToSql } from "../../../filter-to-sql/filter-to-sql.ts";
import { scopeSql } from "../../../filter-to-sql/project-scope.ts";
import { SqlParams } from "../../../filter-to-sql/sql-params.ts";
import { hoursSql } from "../metrics/hours-sql.ts";
import { isOfSettled, type ReadHours, WindowHours } from "../metrics/read-hours.ts";
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
/** With more hours that are not settled a question is no quick one. */
const MAX_QUICK_HOURS = 48;
const NS_PER_S = 1_000_000_000n;
/** What hours are stored as ends there: 2106. */
const LAST_NS = BigInt(Math.floor(0xffff_ffff / 3600) * 3600) * NS_PER_S;

/** How one reading of a window asks: settled hours from their copies, the others from the current rows. One object per query. */
export class WindowReading {
  readonly params = new SqlParams();

  constructor(
    readonly wanted: Wanted,
    readonly window: BucketWindow,
    readonly hours: ReadHours,
    readonly options: QueryOptions,
  ) {}

  /** The same for another query. */
  again(): WindowReading {
    return new WindowReading(this.wanted, this.window, this.hours, this.options);
  }

  /** A subquery of traces with `columns`, which `traces` and `settled_traces` both have, and others that say the same. */
  traces(columns: string, own: { settled: string; current: string } = { settled: "", current: "" }): string {
    const settled = this.#settled() ? [`SELECT ${columns}${own.settled} FROM settled_traces WHERE ${this.#settledTraces()}`] : [];
    const current = this.#current() ? [`SELECT ${columns}${own.current} FROM traces FINAL WHERE ${this.#currentTraces()}`] : [];
    return `(${[...settled, ...current].join(" UNION ALL ")})`;
  }

  /** Whether settled calls are read added up: a filter chooses among traces, which sums know nothing of. */
  get canReadSums(): boolean {
    return this.wanted.filter === undefined;
  }

  /**
   * A subquery of spans: `SELECT`s of the columns of `settled_spans` (or of `settled_calls`, with `canReadSums`) and of `spans` that say the same,
   * with conditions on either.
   */
  spans(of: { settled: string; settledWhere: string; settledTable?: "settled_spans" | "settled_calls"; current: string; currentWhere: string }): string {
    const settled = this.#settled() ? [`${of.settled} FROM ${of.settledTable ?? "settled_spans"} WHERE ${this.#settledSpans()} AND ${of.settledWhere}`] : [];
    const current = this.#current() ? [`${of.current} FROM spans FINAL WHERE ${this.#currentSpans()} AND ${of.currentWhere}`] : [];
    return `(${[...settled, ...current].join(" UNION ALL ")})`;
  }

  #settled(): boolean {
    return this.hours.builds.length > 0;
  }

  #current(): boolean {
    return this.hours.current === "all" || this.hours.current.length > 0 || !this.#settled();
  }

  #builds(): string {
    return `${scopeSql(this.wanted.scope, this.params)} AND build IN ${this.params.bind("Array(UInt64)", [...this.hours.builds])}`;
  }

  #settledTraces(): string {
    const { filter, scope } = this.wanted;
    return [this.#builds(), ...(filter ? [filterToSql(filter, { params: this.params, scope, mode: "exact" })] : [])].join(" AND ");
  }

  #settledSpans(): string {
    const matching = this.wanted.filter ? [`(build, number) IN (SELECT build, number FROM settled_traces WHERE ${this.#settledTraces()})`] : [];
    return [this.#builds(), ...matching].join(" AND ");
  }

  #currentTraces(): string {
    return [...windowConditions(this.wanted, this.window, "exact", this.params), ...hoursSql(this.hours.current, this.params)].join(" AND ");
  }

  /** Keys first, then that their trace is wanted. */
  #currentSpans(): string {
    const scope = scopeSql(this.wanted.scope, this.params);
    const inWindow = [...windowSql(this.window, this.params), ...hoursSql(this.hours.current, this.params)];
    // Spans lie under the hour in which their trace was first seen, which can differ from the hour of its start.
    const buckets = inWindow.length === 0 ? [] : [`bucket IN (SELECT DISTINCT spans_bucket FROM traces WHERE ${[scope, ...inWindow].join(" AND ")})`];
    return [scope, ...buckets, `(project_id, trace_id) IN (SELECT project_id, trace_id FROM traces FINAL WHERE ${this.#currentTraces()})`].join(" AND ");
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
  const wanted = await wantedBy({ scope, filter, fromNs, toNs: toNs > LAST_NS ? LAST_NS : toNs, limit: 1 }, engine, signal);
  const whole = windowOf(wanted.read);
  const isSettled = filter === undefined || isOfSettled(filter);
  const hours = isSettled ? await WindowHours.read(engine, wanted, whole, { signal, lane: "figures" }) : undefined;
  for (const { share, maxSeconds } of ATTEMPTS) {
    const window = share === 1 ? whole : await histogram.newest(scope, whole, share, signal);
    if (share < 1 && window.from === whole.from) break;
    const readFromNs = share === 1 || window.from === undefined ? fromNs : later(fromNs, BigInt(window.from) * NS_PER_S);
    const read = hours?.within(window) ?? WindowHours.unsettled;
    const lane = read.current === "all" || read.current.length > MAX_QUICK_HOURS ? "heavy" : "figures";
    try {
      const answer = await ask(new WindowReading(wanted, window, read, { signal, lane, maxSeconds, maxMemoryBytes: MAX_MEMORY_BYTES }));
      return { answer, partial: share < 1, readFromNs };
    } catch (error) {
      if (!(error instanceof TelltaleError && error.code === "query_limit")) throw error;
    }
  }
  throw new TelltaleError("query_limit", "The query reached its limits of time or memory even for the newest hours; narrow the time range or the filter.");
}

/** Where a trace or a span of an answer lies: named, or by its place in a settled hour. */
export type Place = [projectId: string, traceId: string, spanId: string, build: string, number: number];
export const CURRENT_PLACE = "(toString(project_id), trace_id, span_id, toUInt64(0), toUInt32(0))";
export const SETTLED_PLACE = "('', '', '', build, number)";

/** Names of traces by their place in settled hours, at most a few hundred. */
export async function tracesAt(
  engine: Engine,
  places: readonly Place[],
  options: QueryOptions,
): Promise<(place: Place) => { projectId: string; traceId: string }> {
  const unnamed = places.filter(([, traceId, , build]) => traceId === "" && build !== "0");
  const names = new Map<string, { projectId: string; traceId: string }>();
  if (unnamed.length > 0) {
    const rows = await engine.query<{ build: string; number: number; project_id: string; trace_id: string }>(
      `SELECT build, number, project_id, trace_id FROM settled_traces
       WHERE build IN {builds:Array(UInt64)} AND (build, number) IN (SELECT place.1, place.2 FROM (SELECT arrayJoin(arrayZip({each:Array(UInt64)}, {numbers:Array(UInt32)})) AS place))`,
      {
        builds: [...new Set(unnamed.map((place) => Number(place[3])))],
        each: unnamed.map((place) => Number(place[3])),
        numbers: unnamed.map((place) => place[4]),
      },
      options,
    );
    for (const row of rows) names.set(`${row.build}/${row.number}`, { projectId: row.project_id, traceId: row.trace_id });
  }
  return ([projectId, traceId, , build, number]) =>
    traceId === "" ? (names.get(`${build}/${number}`) ?? { projectId: "", traceId: "" }) : { projectId, traceId };
}

function later(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

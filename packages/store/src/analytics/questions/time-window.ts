import type { Filter } from "@telltale/model/filter";
import type { SqlParams } from "../../filter-to-sql/sql-params.ts";

const NS_PER_MS = 1_000_000n;
const HOUR_NS = 3_600_000_000_000n;
const MAX_NS = 2n ** 63n - 1n;

/** Start times from `fromNs` (inclusive) to `toNs` (exclusive); undefined = open. */
export interface TimeBounds {
  fromNs: bigint | undefined;
  toNs: bigint | undefined;
}

/** Hours (Unix seconds) from `from` (inclusive) to `to` (exclusive); undefined = open. */
export interface BucketWindow {
  from: number | undefined;
  to: number | undefined;
}

/** What a filter says about the start time where it must hold (AND), so that it narrows the buckets that are read. */
export function boundsOf(filter: Filter | undefined, bounds: TimeBounds): TimeBounds {
  const found = { ...bounds };
  for (const clause of filter === undefined ? [] : filter.kind === "and" ? filter.items : [filter]) {
    if (clause.kind !== "compare" || clause.field.entity !== "trace" || clause.field.name !== "timestamp_ms") continue;
    const [value] = clause.values;
    if (clause.values.length !== 1 || value?.type !== "number") continue;
    // Wider by a millisecond than said: the clause itself stays in the query, this only bounds what is read.
    if (clause.op === ">" || clause.op === ">=" || clause.op === "=") found.fromNs = later(found.fromNs, nsOf(Math.floor(value.value) - 1));
    if (clause.op === "<" || clause.op === "<=" || clause.op === "=") found.toNs = earlier(found.toNs, nsOf(Math.ceil(value.value) + 2));
  }
  return found;
}

function nsOf(ms: number): bigint | undefined {
  if (!Number.isFinite(ms)) return undefined;
  const ns = BigInt(ms) * NS_PER_MS;
  return ns > MAX_NS || ns < -MAX_NS ? undefined : ns;
}

export function later(a: bigint | undefined, b: bigint | undefined): bigint | undefined {
  return a === undefined || (b !== undefined && b > a) ? b : a;
}

export function earlier(a: bigint | undefined, b: bigint | undefined): bigint | undefined {
  return a === undefined || (b !== undefined && b < a) ? b : a;
}

/** The buckets that can hold traces within the bounds. */
export function windowOf(bounds: TimeBounds): BucketWindow {
  const to = bounds.toNs === undefined ? LAST_HOUR : hourOf(bounds.toNs - 1n);
  return {
    from: bounds.fromNs === undefined ? undefined : Math.min(hourOf(bounds.fromNs), LAST_HOUR),
    to: to >= LAST_HOUR ? undefined : to + 3600,
  };
}

/** The writer holds buckets within what the column can hold, 1970 to 2106; times outside lie in its first and last hour. */
const LAST_HOUR = Math.floor(0xffff_ffff / 3600) * 3600;

function hourOf(ns: bigint): number {
  return Math.max(0, Number(ns / HOUR_NS) * 3600);
}

/** Conditions on `traces` for a window, and for the exact bounds inside it. */
export function windowSql(window: BucketWindow, params: SqlParams): string[] {
  return [
    ...(window.from === undefined ? [] : [`bucket >= toDateTime(${params.bind("UInt32", window.from)}, 'UTC')`]),
    ...(window.to === undefined ? [] : [`bucket < toDateTime(${params.bind("UInt32", window.to)}, 'UTC')`]),
  ];
}

export function boundsSql(bounds: TimeBounds, params: SqlParams): string[] {
  return [
    ...(bounds.fromNs === undefined ? [] : [`start_time >= fromUnixTimestamp64Nano(${params.bind("Int64", bounds.fromNs)}, 'UTC')`]),
    ...(bounds.toNs === undefined ? [] : [`start_time < fromUnixTimestamp64Nano(${params.bind("Int64", bounds.toNs)}, 'UTC')`]),
  ];
}

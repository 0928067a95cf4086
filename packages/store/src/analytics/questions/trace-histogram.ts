import type { ProjectScope } from "@telltale/model";
import type { Engine } from "../../engine/engine.ts";
import { scopeSql } from "../../filter-to-sql/project-scope.ts";
import { SqlParams } from "../../filter-to-sql/sql-params.ts";
import { SearchPace } from "./search-pace.ts";
import type { BucketWindow } from "./time-window.ts";

const FRESH_MS = 5_000;
const USABLE_MS = 300_000;
const MAX_SCOPES = 64;

interface Counts {
  /** Newest first. */
  buckets: { bucket: number; rows: number }[];
  atMs: number;
  refreshing: boolean;
}

/**
 * How many trace rows lie in each hour, to cut the time into windows of about equal work. Only speed rests on it: the
 * outermost windows are open, so a bucket that appeared since is read all the same. Kept a few seconds per scope.
 */
export class TraceHistogram {
  readonly #counts = new Map<string, Counts>();
  readonly pace = new SearchPace();

  constructor(
    readonly engine: Engine,
    readonly now: () => number,
    /** Rows of the first window of a page. */
    readonly windowRows: number,
  ) {}

  /** Windows that cover `range`, from its newest (or oldest) end, the first with `firstRows` rows, each next `growth` times larger. */
  async windows(
    scope: ProjectScope,
    range: BucketWindow,
    direction: "ASC" | "DESC",
    size: { firstRows: number; growth: number },
    signal?: AbortSignal,
  ): Promise<BucketWindow[]> {
    const { buckets } = await this.walk(scope, range, direction, signal);
    return cutWindows(buckets, range, direction, size);
  }

  /** The same, each window as large as its reader asks. */
  async walk(scope: ProjectScope, range: BucketWindow, direction: "ASC" | "DESC", signal?: AbortSignal): Promise<WindowWalk> {
    const { buckets } = await this.#of(scope, signal);
    const inside = buckets.filter(({ bucket }) => isInside(range, bucket));
    if (direction === "ASC") inside.reverse();
    return new WindowWalk(inside, range, direction);
  }

  /** The newest part of `range` that holds about `share` of its rows: whole hours, at least one. */
  async newest(scope: ProjectScope, range: BucketWindow, share: number, signal?: AbortSignal): Promise<BucketWindow> {
    const { buckets } = await this.#of(scope, signal);
    const inside = buckets.filter(({ bucket }) => isInside(range, bucket));
    let left = inside.reduce((sum, { rows }) => sum + rows, 0) * share;
    for (const { bucket, rows } of inside) {
      left -= rows;
      if (left <= 0) return { from: bucket, to: range.to };
    }
    return range;
  }

  async #of(scope: ProjectScope, signal: AbortSignal | undefined): Promise<Counts> {
    const key = scope.projectIds === "all" ? "*" : JSON.stringify([...scope.projectIds].toSorted());
    const cached = this.#counts.get(key);
    const ageMs = cached ? this.now() - cached.atMs : Infinity;
    if (cached && ageMs < FRESH_MS) return cached;
    if (cached && ageMs < USABLE_MS) {
      if (!cached.refreshing) {
        cached.refreshing = true;
        this.#load(scope, key, undefined).catch(() => {
          cached.refreshing = false; // the old counts serve on; the next page tries again
        });
      }
      return cached;
    }
    return this.#load(scope, key, signal);
  }

  async #load(scope: ProjectScope, key: string, signal: AbortSignal | undefined): Promise<Counts> {
    const params = new SqlParams();
    const rows = await this.engine.query<{ at: number; rows: string }>(
      `SELECT toUInt32(bucket) AS at, count() AS rows FROM traces WHERE ${scopeSql(scope, params)} GROUP BY bucket ORDER BY bucket DESC LIMIT 100000`,
      params.values,
      { signal },
    );
    const counts: Counts = { buckets: rows.map((row) => ({ bucket: Number(row.at), rows: Number(row.rows) })), atMs: this.now(), refreshing: false };
    this.#counts.delete(key);
    this.#counts.set(key, counts);
    for (const oldest of this.#counts.keys()) {
      if (this.#counts.size <= MAX_SCOPES) break;
      this.#counts.delete(oldest);
    }
    return counts;
  }
}

function isInside(range: BucketWindow, bucket: number): boolean {
  return (range.from === undefined || bucket >= range.from) && (range.to === undefined || bucket < range.to);
}

/** Goes through a range window by window. The windows touch, the last ends where the range does. */
export class WindowWalk {
  #at = 0;
  #edge: number | undefined;
  #isDone = false;

  constructor(
    /** In reading order. */
    readonly buckets: readonly { bucket: number; rows: number }[],
    readonly range: BucketWindow,
    readonly direction: "ASC" | "DESC",
  ) {
    this.#edge = direction === "DESC" ? range.to : range.from;
  }

  /** The next window with at least `targetRows` rows, if there are as many. */
  next(targetRows: number): { window: BucketWindow; rows: number } | undefined {
    if (this.#isDone) return undefined;
    const isNewestFirst = this.direction === "DESC";
    let rows = 0;
    for (; this.#at < this.buckets.length; this.#at += 1) {
      const item = this.buckets[this.#at];
      rows += item?.rows ?? 0;
      if (item === undefined || rows < targetRows || this.#at === this.buckets.length - 1) continue;
      const near = this.#edge;
      const cut = isNewestFirst ? item.bucket : item.bucket + 3600;
      this.#edge = cut;
      this.#at += 1;
      return { window: isNewestFirst ? { from: cut, to: near } : { from: near, to: cut }, rows };
    }
    this.#isDone = true;
    return { window: isNewestFirst ? { from: this.range.from, to: this.#edge } : { from: this.#edge, to: this.range.to }, rows };
  }
}

export function cutWindows(
  buckets: WindowWalk["buckets"],
  range: BucketWindow,
  direction: "ASC" | "DESC",
  size: { firstRows: number; growth: number },
): BucketWindow[] {
  const walk = new WindowWalk(buckets, range, direction);
  const windows: BucketWindow[] = [];
  let target = size.firstRows;
  for (let next = walk.next(target); next !== undefined; next = walk.next(target)) {
    windows.push(next.window);
    target *= size.growth;
  }
  return windows;
}

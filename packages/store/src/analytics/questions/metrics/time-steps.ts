import { TelltaleError } from "@telltale/model";

/** Steps of a window: each begins at an edge and ends at the next. Unix seconds, ascending. */
export interface TimeSteps {
  edges: readonly number[];
  /** When all steps are equally long; undefined where a clock change makes one longer. */
  lengthS: number | undefined;
}

const MAX_STEPS = 2_000;
const MAX_STEP_S = 366 * 86_400;
const MAX_WINDOW_S = 100 * MAX_STEP_S;
const LAST_S = 0xffff_ffff;
/** Zones change their clocks at most a few times a year. */
const SAMPLE_S = 86_400;
const MONDAY_S = 4 * 86_400; // 1970-01-05
/** Seconds are for MLflow's surface. */
const units = { s: 1, m: 60, h: 3600, d: 86_400, w: 7 * 86_400 } as const;

/**
 * The steps of `<n>m|h|d|w` that cover the window, aligned to the wall clock of the zone: days begin at midnight, weeks on Monday,
 * six hours at 0, 6, 12 and 18. A day on which the clock changes is one step, of 23 or 25 hours; steps up to an hour go on by
 * time that passes, so the hour that a clock shows twice is two steps. The first edge may lie before `fromS`.
 */
export function timeSteps(interval: string, timeZone: string, fromS: number, toS: number): TimeSteps {
  const unit = interval.slice(-1) as keyof typeof units;
  const stepS = Number(interval.slice(0, -1)) * units[unit];
  const endS = Math.min(toS, LAST_S);
  if (stepS > MAX_STEP_S) throw new TelltaleError("bad_request", `interval ${interval} is too long: at most 366d`, { field: "interval" });
  if (endS - fromS > MAX_WINDOW_S) throw new TelltaleError("bad_request", "A window with an interval is at most 100 years long", { field: "from" });
  if ((endS - fromS) / stepS > MAX_STEPS)
    throw new TelltaleError(
      "bad_request",
      `interval ${interval} cuts this window into more than ${MAX_STEPS.toLocaleString("en")} steps: choose a longer interval or a shorter window`,
      { field: "interval" },
    );
  const edges = cut(stepS, unit === "w" ? MONDAY_S : 0, segments(offsetsOf(timeZone), fromS - stepS - 2 * SAMPLE_S, endS));
  const first = Math.max(
    0,
    edges.findLastIndex((edge) => edge <= fromS),
  );
  const inside = edges.slice(first).map((edge) => Math.max(0, edge));
  const isEven = inside.every((edge, at) => at === 0 || edge - (inside[at - 1] ?? 0) === stepS);
  return { edges: inside, lengthS: isEven ? stepS : undefined };
}

/** A stretch of time with one distance from UTC. */
interface Segment {
  startS: number;
  endS: number;
  offsetS: number;
}

function cut(stepS: number, originS: number, stretches: readonly Segment[]): number[] {
  const edges: number[] = [];
  let last = -Infinity;
  for (const { startS, endS, offsetS } of stretches) {
    if (stepS <= 3600) last = -Infinity;
    const wall = (instant: number): number => Math.floor((instant + offsetS - originS) / stepS);
    for (let at = startS; at < endS;) {
      const number = wall(at);
      if (number > last) {
        edges.push(at);
        last = number;
      }
      at = (number + 1) * stepS + originS - offsetS;
    }
  }
  return edges;
}

function segments(offsetAt: (second: number) => number, fromS: number, toS: number): Segment[] {
  const found: Segment[] = [];
  let start = fromS;
  let offset = offsetAt(fromS);
  for (let at = fromS; at < toS;) {
    const next = Math.min(at + SAMPLE_S, toS);
    const after = offsetAt(next);
    if (after !== offset) {
      const change = changeBetween(offsetAt, at, next);
      found.push({ startS: start, endS: change, offsetS: offset });
      start = change;
      offset = after;
    }
    at = next;
  }
  return [...found, { startS: start, endS: toS, offsetS: offset }];
}

/** The first second with the offset of `high`. */
function changeBetween(offsetAt: (second: number) => number, low: number, high: number): number {
  const after = offsetAt(high);
  let [before, from] = [low, high];
  while (from - before > 1) {
    const middle = Math.floor((before + from) / 2);
    if (offsetAt(middle) === after) from = middle;
    else before = middle;
  }
  return from;
}

/** Seconds to add to UTC for the wall clock of the zone. Throws `bad_request` for a zone that does not exist. */
function offsetsOf(timeZone: string): (second: number) => number {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone,
      hourCycle: "h23",
      era: "short",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  } catch {
    throw new TelltaleError("bad_request", `time_zone must be an IANA name such as Europe/Berlin, not ${JSON.stringify(timeZone.slice(0, 60))}`, {
      field: "time_zone",
    });
  }
  if (format.resolvedOptions().timeZone === "UTC") return () => 0;
  return (second) => {
    const parts = new Map<string, string>(format.formatToParts(second * 1000).map(({ type, value }) => [type, value]));
    const number = (type: string): number => Number(parts.get(type));
    const year = parts.get("era") === "BC" ? 1 - number("year") : number("year");
    return Date.UTC(year, number("month") - 1, number("day"), number("hour"), number("minute"), number("second")) / 1000 - second;
  };
}

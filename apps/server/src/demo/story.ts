import type { Random } from "./random.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The week that has the story. */
export const STORY_MS = 7 * DAY_MS;
/** What the demo project holds: the week before as well, quieter, so that there is something to compare with. */
export const DEMO_MS = 2 * STORY_MS;

/** What is going on at a moment of the demo's week: there is something to find for everybody who looks. */
export interface Weather {
  version: string;
  /** The release that should not have gone out: slower, wordier, worse answers, more failing tools. */
  isBadRelease: boolean;
  /** Probability that a model call is refused for its rate. */
  rateLimited: number;
  /** The flight search's provider is down. */
  flightsDown: boolean;
  /** Somebody pointed the digest at whole mailboxes and at the dearest model. */
  costSpike: boolean;
  /** How much the judge overrates by now (it was updated three days ago; the people's marks stay as they were). */
  judgeDrift: number;
  slowness: number;
}

const releases: readonly { version: string; agoMs: number }[] = [
  { version: "2.3.0", agoMs: DEMO_MS },
  { version: "2.3.1", agoMs: 10.4 * DAY_MS },
  { version: "2.3.2", agoMs: 4.6 * DAY_MS },
  { version: "2.4.0", agoMs: 2.3 * DAY_MS },
  { version: "2.4.1", agoMs: 1.1 * DAY_MS },
];

const BACKFILL = { fromAgoMs: 3.4 * DAY_MS, lengthMs: 3 * HOUR_MS, everyMs: 450_000 };

/** When the backfill's runs began, oldest first: a job runs at night as well. */
export function backfillTimes(endMs: number): number[] {
  const { fromAgoMs, lengthMs, everyMs } = BACKFILL;
  return Array.from({ length: lengthMs / everyMs }, (_, index) => endMs - fromAgoMs + index * everyMs);
}

/** The week's events, told from its end. `agoMs` = how long before the end. */
export function weatherAt(agoMs: number): Weather {
  const version = releases.findLast((release) => release.agoMs >= agoMs)?.version ?? "2.3.0";
  const isBadRelease = version === "2.4.0";
  const within = (fromAgoMs: number, lengthMs: number): boolean => agoMs <= fromAgoMs && agoMs > fromAgoMs - lengthMs;
  return {
    version: `v${version}`,
    isBadRelease,
    rateLimited: within(18 * HOUR_MS, 2 * HOUR_MS) ? 0.3 : 0.006,
    flightsDown: within(5.2 * DAY_MS, 1.5 * HOUR_MS),
    costSpike: within(BACKFILL.fromAgoMs, BACKFILL.lengthMs),
    judgeDrift: agoMs > 3 * DAY_MS ? 0 : 0.05 + 0.15 * (1 - agoMs / (3 * DAY_MS)),
    slowness: isBadRelease ? 1.7 : 1,
  };
}

/** Requests per hour of the day (UTC), relative; Europe's day with a tail from America. */
const byHour = [3, 2, 2, 2, 3, 5, 9, 15, 22, 26, 27, 26, 24, 26, 27, 25, 23, 20, 18, 16, 14, 11, 8, 5];
const busiest = Math.max(...byHour);

/** The week before the story had fewer customers. */
const QUIETER = 0.7;

/** Moments at which somebody begins something, oldest first: by day more than by night, on weekdays more than on Sunday. */
export function startTimes(random: Random, count: number, endMs: number, lengthMs: number): number[] {
  const times: number[] = [];
  while (times.length < count) {
    const agoMs = random.unit() * lengthMs;
    if (agoMs > STORY_MS && !random.chance(QUIETER)) continue;
    const time = endMs - agoMs;
    const at = new Date(time);
    const weekend = at.getUTCDay() === 0 || at.getUTCDay() === 6 ? 0.55 : 1;
    if (random.unit() < ((byHour[at.getUTCHours()] ?? 0) / busiest) * weekend) times.push(time);
  }
  return times.toSorted((a, b) => a - b);
}

const FIRST_WAIT_MS = 15_000;
const LONGEST_WAIT_MS = 30 * 60_000;
/** After this long a transient failure is a failure: the judge was away for most of a day. */
export const GIVE_UP_AFTER_MS = 12 * 3_600_000;

/**
 * How long to wait before the next attempt: doubling from 15 s to half an hour, at random within the upper half, so that a
 * provider that comes back is not met by everything at once. What the provider asked for (`Retry-After`) is the least.
 */
export function waitBeforeRetry(attempts: number, retryAfterMs: number | undefined, random: () => number): number {
  const full = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.max(0, attempts - 1));
  return Math.ceil(Math.max(full / 2 + random() * (full / 2), Math.min(retryAfterMs ?? 0, LONGEST_WAIT_MS)));
}

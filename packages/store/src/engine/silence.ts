export interface SilenceLimits {
  askEveryMs: number;
  /** No answer for this long: the other side is taken for hung. */
  longestMs: number;
}

/** A question that needs no disk is answered in milliseconds even under load; a process that hangs never answers again. */
export const defaultSilence: SilenceLimits = { askEveryMs: 5_000, longestMs: 20_000 };

/** What this process was too busy to read may lie in its socket: one more turn before the verdict. */
const GRACE_MS = 500;

/**
 * Asks again and again, one question at a time, and calls `onSilent` once when an answer stays away too long (a hung or
 * stopped process sends no exit). A question that fails counts as an answer. Returns how to stop.
 */
export function watchForSilence(ask: () => Promise<unknown>, onSilent: () => void, { askEveryMs, longestMs }: SilenceLimits): () => void {
  let verdict: NodeJS.Timeout | undefined;
  const asking = setInterval(() => {
    if (verdict !== undefined) return;
    const mine = setTimeout(() => {
      verdict = setTimeout(() => {
        clearInterval(asking);
        onSilent();
      }, GRACE_MS);
    }, longestMs);
    verdict = mine;
    const heard = (): void => {
      clearTimeout(mine);
      clearTimeout(verdict);
      verdict = undefined;
    };
    void ask().then(heard, heard);
  }, askEveryMs);
  asking.unref();
  return () => {
    clearInterval(asking);
    clearTimeout(verdict);
  };
}

import { useSyncExternalStore } from "react";

const TICK_MS = 5_000;
let nowMs = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** The time, moving in steps of five seconds: one timer for all the "3 min ago" of a page. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => nowMs);
}

const WINDOW_STEP_MS = 30_000;

/**
 * The end of a window that is open to now, moving on every half minute: all panels of a page ask for the same window.
 * It lies up to half a minute ahead, so that what arrived just now is inside.
 */
export function useWindowEnd(): number {
  return useSyncExternalStore(subscribe, () => Math.ceil(nowMs / WINDOW_STEP_MS) * WINDOW_STEP_MS);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    // Nobody looks: no reason to ask the server again.
    if (document.visibilityState === "hidden") return;
    nowMs = Date.now();
    for (const each of listeners) each();
  }, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

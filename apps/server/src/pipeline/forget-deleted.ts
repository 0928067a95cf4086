import { setTimeout as sleep } from "node:timers/promises";

export type OnDeleted = (projectId: string, traceIds: readonly string[]) => Promise<void>;

/** Waits between tries; `undefined` = that was the last. */
const AGAIN_MS = [100, 1_000, 3_000, undefined];

/** The other database being away must not cost what this one stores: it is told again for a moment, then the log says so. */
export function forgetDeleted(onDeleted: OnDeleted, log: (message: string, fields: Record<string, unknown>) => void): OnDeleted {
  return async (projectId, traceIds) => {
    for (const waitMs of AGAIN_MS) {
      try {
        return await onDeleted(projectId, traceIds);
      } catch (error) {
        if (waitMs !== undefined) await sleep(waitMs);
        else log("copies of deleted traces were not removed", { projectId, traceIds: traceIds.length, error: String(error) });
      }
    }
  };
}

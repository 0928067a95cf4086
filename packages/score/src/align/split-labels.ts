import { createHash } from "node:crypto";

export type Half = "training" | "held_back";

/**
 * In which half the labels of a session lie; a trace without session counts as one of its own. It depends on nothing else, so that a
 * case never moves: what one alignment learned from can not be what a later one is measured by.
 */
export function halfOf({ sessionId, traceId }: { sessionId: string; traceId: string }): Half {
  const key = sessionId === "" ? `trace\0${traceId}` : `session\0${sessionId}`;
  // Not the hash that sampling uses: halves must not depend on what a rate picks.
  const digest = createHash("sha256").update(`alignment\0${key}`).digest();
  return (digest[0] ?? 0) < 128 ? "training" : "held_back";
}

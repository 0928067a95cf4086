import { createHash } from "node:crypto";

/**
 * The id of an assessment, made from what it is about: who writes the same thing again (a task that ran twice, a trace diagnosed again, a
 * second answer of a reviewer) replaces it. `parts` begin with the kind of writer and must tell apart all that it writes.
 */
export function assessmentIdOf(...parts: readonly (string | number)[]): string {
  return `a-${createHash("sha256").update(parts.join("\0")).digest("hex").slice(0, 32)}`;
}

import { createHash } from "node:crypto";

/**
 * A number in [0, 1) that belongs to a trace or session for good. One number for all scorers: what a low rate picks, every
 * higher rate picks too, across scorers, versions and restarts.
 */
export function samplingPoint(entityId: string): number {
  const digest = createHash("sha256").update(entityId).digest();
  return digest.readUIntBE(0, 6) / 2 ** 48;
}

/** True for the share `rate` of all entities; 0 picks none, 1 all. */
export function isSampled(entityId: string, rate: number): boolean {
  return samplingPoint(entityId) < rate;
}

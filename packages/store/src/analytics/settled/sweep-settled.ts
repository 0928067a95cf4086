import type { Engine } from "../../engine/engine.ts";

/** A question that began on a build may go on reading it this long. */
const KEPT_MS = 15 * 60_000;
const MAX_BUILDS = 5_000;

/** Removes the rows of builds that no longer stand, such as those that held a trace that was deleted since. Returns how many builds. */
export async function sweepSettled(engine: Engine, nowMs: number, signal?: AbortSignal): Promise<number> {
  let swept = 0;
  for (const table of ["settled_traces", "settled_spans", "settled_calls", "settled_steps"]) {
    const rows = await engine.query<{ build: string }>(
      `SELECT DISTINCT build FROM ${table} WHERE build < {before:UInt64} AND build NOT IN (SELECT build FROM settled_hours FINAL) LIMIT ${MAX_BUILDS} SETTINGS max_threads = 1`,
      { before: (nowMs - KEPT_MS) * 1_000 },
      { lane: "heavy", maxSeconds: 60, signal },
    );
    if (rows.length === 0) continue;
    await engine.command(`ALTER TABLE ${table} DELETE WHERE build IN (${rows.map((row) => Number(row.build)).join(", ")})`);
    swept = Math.max(swept, rows.length);
  }
  return swept;
}

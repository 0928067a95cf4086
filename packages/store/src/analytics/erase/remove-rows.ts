import { setTimeout as sleep } from "node:timers/promises";
import type { Engine } from "../../engine/engine.ts";

/** Everything that holds rows of traces. Metric points belong to services, not to people. */
export const tablesOfTraces = ["payloads", "span_logs", "spans", "assessments", "traces", "trace_rows"] as const;

/** Copies of quiet hours, for figures. */
const settledTables = ["settled_spans", "settled_steps", "settled_traces"] as const;

const POLL_MS = 500;

export interface RemoveOptions {
  /** How long the engine keeps a part that was replaced: long enough that the new one is on disk. */
  keepPartsS: number;
  signal: AbortSignal;
}

/**
 * Takes the rows of the chosen traces out of the engine's files: every part that holds one is written anew without it. The
 * tombstones that hide them stay until all is done (and hold ids only), so that no row is seen again on the way. Rows that
 * are gone already change nothing, so this may be done again after a crash.
 */
export async function removeRows(engine: Engine, erasureId: string, { keepPartsS, signal }: RemoveOptions): Promise<void> {
  for (const table of tablesOfTraces) {
    await removeFrom(engine, table, `is_deleted = 0 AND (project_id, trace_id) IN (${CHOSEN})`, erasureId, { keepPartsS, signal });
  }
}

/**
 * The same for copies of quiet hours. To be called some time after the rows were hidden: a copy that was being made at that moment is
 * stored by then. It counts for no figure (its hour was written to since), and what is left of it goes with the next sweep.
 */
export async function removeSettledRows(engine: Engine, erasureId: string, options: RemoveOptions): Promise<void> {
  // Traces last: the others are found by them.
  const places = `SELECT build, number FROM settled_traces WHERE (project_id, trace_id) IN (${CHOSEN})`;
  for (const table of ["settled_spans", "settled_steps"]) await removeFrom(engine, table, `(build, number) IN (${places})`, erasureId, options);
  await removeFrom(engine, "settled_traces", `(project_id, trace_id) IN (${CHOSEN})`, erasureId, options);
}

const CHOSEN = "SELECT project_id, trace_id FROM erasing_traces WHERE erasure_id = {id:String}";

async function removeFrom(engine: Engine, table: string, where: string, erasureId: string, { keepPartsS, signal }: RemoveOptions): Promise<void> {
  signal.throwIfAborted();
  const lookEveryS = Math.min(30, keepPartsS);
  await engine.command(
    `ALTER TABLE ${table} MODIFY SETTING old_parts_lifetime = ${keepPartsS}, cleanup_delay_period = ${lookEveryS}, max_cleanup_delay_period = ${lookEveryS}`,
  );
  await engine.command(`ALTER TABLE ${table} DELETE WHERE ${where}`, { id: erasureId });
  await untilMutated(engine, table, signal);
}

async function untilMutated(engine: Engine, table: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    const [row] = await engine.query<{ open: string; failure: string }>(
      "SELECT countIf(is_done = 0) AS open, anyIf(latest_fail_reason, is_done = 0 AND latest_fail_reason != '') AS failure FROM system.mutations WHERE database = currentDatabase() AND table = {table:String}",
      { table },
      { signal },
    );
    if (Number(row?.open ?? 0) === 0) return;
    if (row !== undefined && row.failure !== "") throw new Error(`The engine could not rewrite ${table}: ${row.failure.slice(0, 500)}`);
    await sleep(POLL_MS, undefined, { signal });
  }
}

/**
 * Resolves when no file of a replaced part is left that was there at the call. Then the engine keeps replaced parts as long as ever;
 * it goes on looking for them every half minute, where it would let minutes pass.
 */
export async function untilOldPartsAreGone(engine: Engine, signal: AbortSignal): Promise<void> {
  const old = "FROM system.parts WHERE database = currentDatabase() AND active = 0 AND table IN {tables:Array(String)}";
  const tables = [...tablesOfTraces, ...settledTables];
  const before = new Set(
    (await engine.query<{ name: string }>(`SELECT concat(table, '/', name) AS name ${old}`, { tables }, { signal })).map(({ name }) => name),
  );
  for (;;) {
    const now = await engine.query<{ name: string }>(`SELECT concat(table, '/', name) AS name ${old}`, { tables }, { signal });
    if (!now.some(({ name }) => before.has(name))) break;
    await sleep(POLL_MS, undefined, { signal });
  }
  for (const table of tables) await engine.command(`ALTER TABLE ${table} RESET SETTING old_parts_lifetime`);
}

import type { Engine } from "../engine/engine.ts";

/** Below this many rows without an index a search reads them faster than an index would be built. */
const WORTH_INDEXING_ROWS = 1_000;

const indexes: Record<string, readonly string[]> = {
  payloads: ["i_trace", "t_inputs", "t_outputs", "t_words"],
  spans: ["i_trace", "i_response"],
  traces: ["i_trace", "i_session", "i_user", "i_start"],
  trace_rows: ["i_trace"],
};

/**
 * Builds the indexes of parts that were inserted lately: inserts leave them to the merges (half the CPU), and after a
 * burst the last parts may wait long for one, while every word search reads them whole. Parts that have theirs are not
 * touched, nor tables with fewer rows without than `worthRows`. Returns the tables it worked on; the work goes on in the background.
 */
export async function indexFreshParts(engine: Engine, worthRows = WORTH_INDEXING_ROWS): Promise<string[]> {
  const rows = await engine.query<{ table: string; fresh: string }>(
    `SELECT table, sum(rows) AS fresh FROM system.parts
     WHERE active AND database = currentDatabase() AND table IN {tables:Array(String)} AND secondary_indices_compressed_bytes = 0
     GROUP BY table HAVING fresh >= {worth:UInt64}`,
    { tables: Object.keys(indexes), worth: worthRows },
    { lane: "heavy" },
  );
  for (const { table } of rows) {
    const commands = (indexes[table] ?? []).map((index) => `MATERIALIZE INDEX ${index}`).join(", ");
    await engine.command(`ALTER TABLE ${table} ${commands}`);
  }
  return rows.map((row) => row.table);
}

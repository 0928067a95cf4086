import type { Engine } from "./engine.ts";

/** How much is stored: spans (versions not yet merged count as well) and bytes of all tables on disk. Reads the list of parts, no data. */
export async function storeSize(engine: Engine): Promise<{ spans: number; bytesOnDisk: number }> {
  const [row] = await engine.query<{ spans: string; bytes: string }>(
    "SELECT sumIf(rows, table = 'spans') AS spans, sum(bytes_on_disk) AS bytes FROM system.parts WHERE active AND database = currentDatabase()",
    {},
    { maxSeconds: 2 },
  );
  return { spans: Number(row?.spans ?? 0), bytesOnDisk: Number(row?.bytes ?? 0) };
}

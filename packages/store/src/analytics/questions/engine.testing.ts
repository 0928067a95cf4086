import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { EmbeddedEngine } from "../../engine/embedded.ts";
import { type AnalyticsMigration, analyticsMigrations, migrateAnalytics } from "../../migrations/analytics/migrate.ts";

/** The real embedded engine on an empty folder of its own, with the tables of `migrations` (default: all). */
export async function openTestEngine(
  migrations: readonly AnalyticsMigration[] = analyticsMigrations,
): Promise<{ engine: EmbeddedEngine; close: () => Promise<void> }> {
  const dir = mkdtempSync(join(tmpdir(), "telltale-questions-"));
  const child = fileURLToPath(new URL("../../engine/child.ts", import.meta.url));
  const engine = new EmbeddedEngine({ dir: join(dir, "db"), command: [process.execPath, "--import", "tsx", child] });
  await engine.ready();
  if (migrations.length > 0) await migrateAnalytics(engine, migrations);
  return {
    engine,
    close: async () => {
      await engine.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

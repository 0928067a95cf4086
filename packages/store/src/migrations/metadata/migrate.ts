import { type Kysely, type Migration, Migrator, sql } from "kysely";
import * as projects from "./0001-projects.ts";
import * as settings from "./0002-settings.ts";
import * as views from "./0003-views.ts";
import * as dashboards from "./0004-dashboards.ts";
import * as prices from "./0005-prices.ts";
import * as slos from "./0006-slos.ts";
import * as scoring from "./0007-scoring.ts";
import * as erasures from "./0008-erasures.ts";
import * as agentSteps from "./0009-agent-steps.ts";
import * as review from "./0010-review.ts";
import * as began from "./0011-began.ts";
import * as labelSchemas from "./0012-label-schemas.ts";
import * as reviewPurpose from "./0013-review-purpose.ts";
import * as alignment from "./0014-alignment.ts";
import * as reviewOwner from "./0015-review-owner.ts";
import * as anchors from "./0016-anchors.ts";
import * as scoreWork from "./0017-score-work.ts";

/** In order of their names, forward only; a released one is never edited. */
export const metadataMigrations: Readonly<Record<string, Migration>> = {
  "0001-projects": projects,
  "0002-settings": settings,
  "0003-views": views,
  "0004-dashboards": dashboards,
  "0005-prices": prices,
  "0006-slos": slos,
  "0007-scoring": scoring,
  "0008-erasures": erasures,
  "0009-agent-steps": agentSteps,
  "0010-review": review,
  "0011-began": began,
  "0012-label-schemas": labelSchemas,
  "0013-review-purpose": reviewPurpose,
  "0014-alignment": alignment,
  "0015-review-owner": reviewOwner,
  "0016-anchors": anchors,
  "0017-score-work": scoreWork,
};

const TABLE = "telltale_migrations";
const LOCK_TABLE = "telltale_migrations_lock";

/**
 * Brings the metadata schema to `upTo` (default: this version of the code), in one transaction under an advisory lock, so
 * that two servers starting at once do not collide. Refuses a database of a newer version: it cannot know what it means.
 */
export async function migrateMetadata<T>(db: Kysely<T>, upTo?: string): Promise<void> {
  const unknown = (await appliedMigrations(db)).filter((name) => !(name in metadataMigrations));
  if (unknown.length > 0)
    throw new Error(`The metadata was written by a newer Telltale (${unknown.at(-1)} is not known to this one). Start that version, or restore a backup.`);
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => ({ ...metadataMigrations }) },
    migrationTableName: TABLE,
    migrationLockTableName: LOCK_TABLE,
  });
  const { error } = upTo === undefined ? await migrator.migrateToLatest() : await migrator.migrateTo(upTo);
  if (error !== undefined) throw error instanceof Error ? error : new Error("The metadata could not be migrated", { cause: error });
}

/** Names of what was applied, oldest first. */
export async function appliedMigrations<T>(db: Kysely<T>): Promise<string[]> {
  const { rows: found } = await sql<{ there: boolean }>`SELECT to_regclass(${TABLE}) IS NOT NULL AS there`.execute(db);
  if (found[0]?.there !== true) return [];
  const { rows } = await sql<{ name: string }>`SELECT name FROM ${sql.table(TABLE)} ORDER BY name`.execute(db);
  return rows.map(({ name }) => name);
}

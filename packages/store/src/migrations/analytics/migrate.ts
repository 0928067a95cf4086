import type { Engine } from "../../engine/engine.ts";
import { addSettledCallColumns } from "../../analytics/settled/call-columns.ts";
import { addSettledCalls } from "../../analytics/settled/settled-calls.ts";
import { addSettledSteps } from "../../analytics/settled/settled-steps.ts";
import { settledStatements } from "../../analytics/settled/settled-tables.ts";
import { addSpanColumns } from "../../analytics/span-columns.ts";
import { erasingTable } from "../../analytics/erase/erasing-traces.ts";
import { mergeLess } from "../../analytics/merge-settings.ts";
import { durableSettings, tables } from "../../analytics/tables.ts";
import { traceRowsStatements } from "../../analytics/trace-rows-table.ts";

export interface AnalyticsMigration {
  version: number;
  name: string;
  statements: readonly string[];
}

/** Forward only, in order; a statement must be safe to run again (a crash may cut a migration in two). */
export const analyticsMigrations: readonly AnalyticsMigration[] = [
  { version: 1, name: "initial", statements: durable(tables) },
  { version: 2, name: "whole rows of traces", statements: durable(traceRowsStatements) },
  { version: 3, name: "settled hours", statements: settledStatements },
  { version: 4, name: "what repeats and what does not add up", statements: addSpanColumns },
  { version: 5, name: "traces that are being erased", statements: erasingTable },
  { version: 6, name: "settled calls know their price", statements: addSettledCallColumns },
  { version: 7, name: "calls of settled hours added up", statements: addSettledCalls },
  { version: 8, name: "rows are written again less often", statements: mergeLess },
  { version: 9, name: "steps of settled traces", statements: addSettledSteps },
];

function durable(statements: readonly string[]): string[] {
  return statements.map((statement) => statement.replace("{durable}", durableSettings));
}

/** Brings the analytics schema to this version of the code. Refuses data of a newer one: it cannot know what it means. */
export async function migrateAnalytics(engine: Engine, migrations: readonly AnalyticsMigration[] = analyticsMigrations): Promise<number> {
  await engine.command(
    `CREATE TABLE IF NOT EXISTS telltale_migrations (version UInt32, name String, applied_at DateTime64(3, 'UTC') DEFAULT now64(3)) ENGINE = MergeTree ORDER BY version`,
  );
  const rows = await engine.query<{ version: number }>("SELECT DISTINCT version FROM telltale_migrations");
  const applied = new Set(rows.map(({ version }) => Number(version)));
  const current = Math.max(0, ...applied);
  const newest = Math.max(...migrations.map((migration) => migration.version));
  if (current > newest)
    throw new Error(
      `The data folder was written by a newer Telltale (analytics schema ${current}, this one knows ${newest}). Start that version, or restore a backup.`,
    );
  for (const migration of migrations) {
    if (applied.has(migration.version)) continue;
    for (const statement of migration.statements) await engine.command(statement);
    await engine.command("INSERT INTO telltale_migrations (version, name) VALUES ({version:UInt32}, {name:String})", {
      version: migration.version,
      name: migration.name,
    });
  }
  return newest;
}

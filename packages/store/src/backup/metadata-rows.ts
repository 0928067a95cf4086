import { createReadStream, createWriteStream } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type Kysely, type Transaction, sql } from "kysely";
import { appliedMigrations, migrateMetadata } from "../migrations/metadata/migrate.ts";
import { BackupError, type MetadataManifest } from "./manifest.ts";

const ROWS_AT_ONCE = 500;

/**
 * Writes all rows to `<dir>/<table>.ndjson`, as of one moment; the server may go on writing. Rows and not PostgreSQL's
 * files, so that a backup can be read by any version of PostgreSQL, embedded or not.
 */
export async function dumpMetadata<T>(db: Kysely<T>, dir: string): Promise<MetadataManifest> {
  const migrations = await appliedMigrations(db);
  return db
    .transaction()
    .setIsolationLevel("repeatable read")
    .execute(async (transaction) => {
      const tables: MetadataManifest["tables"] = [];
      for (const name of await tablesInOrder(transaction)) {
        let rows = 0;
        const lines = async function* (): AsyncGenerator<string> {
          for await (const row of readRows(transaction, name)) {
            rows += 1;
            yield `${row}\n`;
          }
        };
        await pipeline(Readable.from(lines()), createWriteStream(fileOf(dir, name), { mode: 0o600 }));
        tables.push({ name, rows });
      }
      const { rows: sequences } = await sql<{ name: string; last: string | null }>`
        SELECT sequencename AS name, last_value::text AS last FROM pg_sequences WHERE schemaname = current_schema() ORDER BY 1`.execute(transaction);
      return { migrations, tables, sequences: sequences.map(({ name, last }) => ({ name, last: last ?? undefined })) };
    });
}

/** Fills a fresh database: its schema as it was, the rows, then what migrations came since. Throws when rows are missing. */
export async function loadMetadata<T>(db: Kysely<T>, dir: string, manifest: MetadataManifest): Promise<void> {
  const unknownOnes = (await appliedMigrations(db)).length > 0;
  if (unknownOnes) throw new BackupError("The database is not empty: a backup is only restored into a fresh one");
  const last = manifest.migrations.at(-1);
  if (last === undefined) throw new BackupError("The backup's manifest names no migrations");
  await migrateMetadata(db, last).catch((cause: unknown) => {
    throw new BackupError(`The backup was made by a newer Telltale (${last} is not known to this one)`, { cause });
  });
  await db.transaction().execute(async (transaction) => {
    const names = manifest.tables.map(({ name }) => sql.table(name));
    if (names.length > 0) await sql`TRUNCATE ${sql.join(names)}`.execute(transaction); // what migrations put there, such as Default
    for (const { name, rows } of manifest.tables) {
      const loaded = await loadRows(transaction, name, fileOf(dir, name));
      if (loaded !== rows) throw new BackupError(`The backup's table ${name} has ${loaded} rows, its manifest says ${rows}`);
    }
    for (const sequence of manifest.sequences)
      if (sequence.last !== undefined) await sql`SELECT setval(${sequence.name}::regclass, ${sequence.last}::bigint)`.execute(transaction);
  });
  await migrateMetadata(db);
}

function fileOf(dir: string, table: string): string {
  return join(dir, `${table}.ndjson`);
}

/** Every table but the migrations' own, those that are referred to first. */
async function tablesInOrder<T>(db: Kysely<T>): Promise<string[]> {
  const { rows } = await sql<{ name: string; needs: string[] }>`
    SELECT c.relname AS name, coalesce(array_agg(f.relname::text) FILTER (WHERE f.relname <> c.relname), '{}') AS needs
    FROM pg_class c
    LEFT JOIN pg_constraint r ON r.conrelid = c.oid AND r.contype = 'f'
    LEFT JOIN pg_class f ON f.oid = r.confrelid
    WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace AND c.relname NOT LIKE 'telltale_migrations%'
    GROUP BY c.relname ORDER BY c.relname`.execute(db);
  const ordered: string[] = [];
  while (ordered.length < rows.length) {
    const next = rows.find(({ name, needs }) => !ordered.includes(name) && needs.every((need) => ordered.includes(need)));
    if (!next) throw new Error(`Tables refer to each other in a circle: ${rows.map(({ name }) => name).join(", ")}`);
    ordered.push(next.name);
  }
  return ordered;
}

/** Rows as JSON text, never read as numbers in between: 64-bit values stay exact. */
async function* readRows<T>(transaction: Transaction<T>, table: string): AsyncGenerator<string> {
  await sql`DECLARE backup_rows NO SCROLL CURSOR FOR SELECT row_to_json(t)::text AS row FROM ${sql.table(table)} AS t`.execute(transaction);
  for (;;) {
    const { rows } = await sql<{ row: string }>`FETCH ${sql.lit(ROWS_AT_ONCE)} FROM backup_rows`.execute(transaction);
    for (const { row } of rows) yield row;
    if (rows.length < ROWS_AT_ONCE) break;
  }
  await sql`CLOSE backup_rows`.execute(transaction);
}

async function loadRows<T>(transaction: Transaction<T>, table: string, path: string): Promise<number> {
  let loaded = 0;
  let batch: string[] = [];
  const flush = async (): Promise<void> => {
    if (batch.length === 0) return;
    await sql`INSERT INTO ${sql.table(table)} OVERRIDING SYSTEM VALUE
      SELECT * FROM json_populate_recordset(NULL::${sql.table(table)}, ${`[${batch.join(",")}]`}::json)`.execute(transaction);
    loaded += batch.length;
    batch = [];
  };
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    if (line === "") continue;
    batch.push(line);
    if (batch.length === ROWS_AT_ONCE) await flush();
  }
  await flush();
  return loaded;
}

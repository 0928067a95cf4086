/** The first file of a backup: what is in it, and how to know that it is whole. */
export interface BackupManifest {
  format: 1;
  /** RFC 3339. */
  created: string;
  files: FileEntry[];
  metadata: MetadataManifest;
}

export interface FileEntry {
  /** Below the data folder, with `/`. */
  path: string;
  bytes: number;
  sha256: string;
}

/** The rows of PostgreSQL, one file per table. */
export interface MetadataManifest {
  /** Migrations that had been applied, oldest first: rows only mean something in that schema. */
  migrations: string[];
  /** In an order in which they can be filled again. */
  tables: { name: string; rows: number }[];
  /** The last number each sequence gave out; undefined = none yet. Ids are never given twice, also after a restore. */
  sequences: { name: string; last: string | undefined }[];
}

/** A backup that cannot be made or used; the message is one line for a user. */
export class BackupError extends Error {
  override name = "BackupError";
}

/** Checks the shape of a manifest read from a file that may be anything. */
export function parseManifest(text: string): BackupManifest {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch (cause) {
    throw new BackupError("The backup's manifest is not readable", { cause });
  }
  const manifest = read as Partial<BackupManifest> | null;
  if (typeof manifest?.format === "number" && manifest.format !== 1)
    throw new BackupError(`The backup has format ${manifest.format as number}, this Telltale reads format 1`);
  const isWhole =
    manifest?.format === 1 &&
    isListOf(manifest.files, (file) => typeof file["path"] === "string" && typeof file["bytes"] === "number" && typeof file["sha256"] === "string") &&
    isListOf(manifest.metadata?.tables, (table) => isName(table["name"]) && typeof table["rows"] === "number") &&
    isListOf(manifest.metadata?.sequences, (sequence) => isName(sequence["name"])) &&
    Array.isArray(manifest.metadata?.migrations);
  if (!isWhole) throw new BackupError("The backup's manifest is not readable");
  return manifest as BackupManifest;
}

function isListOf(value: unknown, fits: (item: Record<string, unknown>) => boolean): boolean {
  return Array.isArray(value) && value.every((item: unknown) => typeof item === "object" && item !== null && fits(item as Record<string, unknown>));
}

/** Names become file names and identifiers. */
function isName(value: unknown): boolean {
  return typeof value === "string" && /^[a-z][a-z0-9_]{0,62}$/.test(value);
}

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { EmbeddedEngine, EmbeddedPostgres, type FolderLock, lockFolder } from "@telltale/store/databases";
import type { Config } from "./config.ts";
import type { Installation } from "./installation.ts";
import type { ServerLog } from "./server-log.ts";

/** A data folder that is ours, and the databases in it on their way up. */
export interface OpenFolder {
  lock: FolderLock;
  /** Undefined where a ClickHouse server is used. */
  engine: EmbeddedEngine | undefined;
  /** Undefined where a PostgreSQL by URL is used. */
  postgres: Promise<EmbeddedPostgres> | undefined;
}

/**
 * Takes the folder and starts its two children. Apart from the wiring, and asked first, because they come up on the other core
 * while this process still loads the rest of the server. Throws `FolderInUseError`.
 */
export function openFolder(config: Config, installation: Installation, log: ServerLog): OpenFolder {
  const lock = lockFolder(config.data);
  const say = (message: string, fields?: Record<string, unknown>): void => log.warn(fields ?? {}, message);
  const engine = config.clickhouseUrl === undefined ? startEngine(config.data, installation, say) : undefined;
  const postgres = config.postgresUrl === undefined ? EmbeddedPostgres.start({ dir: join(config.data, "postgres"), log: say }) : undefined;
  postgres?.catch(() => {}); // whoever opens the metadata is told
  return { lock, engine, postgres };
}

function startEngine(data: string, { engineCommand }: Installation, log: (message: string, fields?: Record<string, unknown>) => void): EmbeddedEngine {
  const folder = join(data, "analytics");
  mkdirSync(folder, { recursive: true });
  return new EmbeddedEngine({ dir: join(folder, "engine"), command: engineCommand, log });
}

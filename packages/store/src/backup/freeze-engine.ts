import { copyFile, cp, mkdir, readdir, rename, rm, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Engine } from "../engine/engine.ts";
import { entriesBelow, unlessMissing } from "./folder-files.ts";

const FREEZE_NAME = "telltale_backup";

/**
 * Puts the embedded engine's tables, as they are now, into `target`, in the layout of the engine's own folder: an engine
 * can be started on it. The parts are hard links (FREEZE), so it takes moments and no space, and writing goes on. What the
 * engine merges away meanwhile stays on disk until `target` is removed.
 *
 * Left out: the log of block tokens. With it, a block that is replayed from the journal could be taken for one that is
 * stored, although its part came after the freeze.
 */
export async function freezeEngine(engine: Engine, engineDir: string, target: string): Promise<void> {
  await dropFrozen(engineDir);
  try {
    const tables = await engine.query<{ name: string }>(
      "SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree' ORDER BY name",
    );
    for (const { name } of tables) await engine.command(`ALTER TABLE \`${name.replaceAll("`", "``")}\` FREEZE WITH NAME '${FREEZE_NAME}'`);
    await copySkeleton(engineDir, target);
    await moveParts(join(engineDir, "shadow", FREEZE_NAME, "store"), join(target, "store"));
  } finally {
    await dropFrozen(engineDir);
  }
}

/** Removes what a freeze left behind, such as one that was killed. */
export async function dropFrozen(engineDir: string): Promise<void> {
  await rm(join(engineDir, "shadow"), { recursive: true, force: true });
}

const notOfTables = new Set(["shadow", "tmp", "status"]);
/** `store/<first three digits>/<uuid of a table>/<part or other folder>` */
const inTable = /^store\/[^/]+\/[^/]+\/[^/]+$/;
const definition = /(?:\.sql|\/format_version\.txt)$/;

/** Folders, links, definitions of tables: everything but the parts. */
async function copySkeleton(engineDir: string, target: string): Promise<void> {
  await mkdir(target, { recursive: true, mode: 0o700 });
  for await (const entry of entriesBelow(engineDir, (path) => notOfTables.has(path) || (inTable.test(path) && !definition.test(path)))) {
    const to = join(target, entry.path);
    if (entry.kind === "folder") await mkdir(to, { mode: 0o700 });
    else if (entry.kind === "link") await symlink(entry.target, to);
    else await copyFile(join(engineDir, entry.path), to);
  }
}

async function moveParts(frozen: string, store: string): Promise<void> {
  for (const group of (await readdir(frozen).catch(unlessMissing)) ?? []) {
    for (const table of await readdir(join(frozen, group))) {
      for (const part of await readdir(join(frozen, group, table))) await move(join(frozen, group, table, part), join(store, group, table, part));
    }
  }
}

/** Where the engine's folder is a file system of its own, moving is copying. */
async function move(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await rename(from, to).catch(async (error: unknown) => {
    if (!(error instanceof Error && "code" in error && error.code === "EXDEV")) throw error;
    await cp(from, to, { recursive: true });
  });
}

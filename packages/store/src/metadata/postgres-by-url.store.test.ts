import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openMetadata } from "./open-metadata.ts";
import { accountFor, launchAs } from "./postgres/unprivileged.ts";

/** The system's own PostgreSQL, as Debian installs it: another build and version than the embedded one. */
function systemPostgres(): string | undefined {
  const root = "/usr/lib/postgresql";
  const versions = existsSync(root) ? readdirSync(root).toSorted((a, b) => Number(b) - Number(a)) : [];
  return versions.map((version) => join(root, version, "bin")).find((bin) => existsSync(join(bin, "initdb")));
}

const bin = systemPostgres();
if (bin === undefined) console.log("skipped: the metadata tests by URL need PostgreSQL installed by the system (Debian: apt-get install postgresql)");

describe.skipIf(bin === undefined)("a PostgreSQL by URL", () => {
  const dir = mkdtempSync(join(tmpdir(), "telltale-url-"));
  const programs = bin ?? "";
  let url = "";
  let server: ChildProcess;

  beforeAll(async () => {
    const account = accountFor(dir);
    if (account.isOther) chownSync(dir, account.uid, account.gid);
    const data = join(dir, "data");
    const run = (program: string, args: string[]) => {
      const { command, args: all, ...as } = launchAs(account, join(programs, program), args, [dir]);
      return { command, all, options: { ...as, cwd: "/" } };
    };
    const init = run("initdb", ["-D", data, "-U", "telltale", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]);
    expect(spawnSync(init.command, init.all, { ...init.options, encoding: "utf8" }).stderr).toBe("");
    const port = await freePort();
    const start = run("postgres", ["-D", data, "-k", dir, "-p", String(port), "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"]);
    server = spawn(start.command, start.all, { ...start.options, stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    while (!said.includes("ready to accept connections")) said += String((await once(server.stderr ?? server, "data"))[0]);
    url = `postgresql://telltale@127.0.0.1:${port}/postgres`;
  });
  afterAll(async () => {
    const gone = once(server, "exit");
    server.kill("SIGINT");
    await gone;
    rmSync(dir, { recursive: true, force: true });
  });

  test("serves as the embedded one does", async () => {
    const metadata = await openMetadata({ url });
    expect(metadata.embedded).toBeUndefined();
    expect((await metadata.projects.create({ name: "shop", tags: new Map([["a", "b"]]) })).id).toBe("1");
    await expect(metadata.projects.create({ name: "shop" })).rejects.toMatchObject({ code: "already_exists" });
    await metadata.settings.set("x", { y: 1 });
    await metadata.close();

    const again = await openMetadata({ url });
    expect((await again.projects.list()).map(({ name }) => name)).toEqual(["Default", "shop"]);
    expect(await again.settings.get("x")).toEqual({ y: 1 });
    await again.close();
  });

  test("connections that the server cuts are replaced", async () => {
    const metadata = await openMetadata({ url });
    const other = await openMetadata({ url });
    const cut = () =>
      sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND application_name = 'telltale'`.execute(other.db);
    await metadata.projects.list();
    await cut();
    expect(await metadata.projects.list()).toHaveLength(2);
    await metadata.close();
    await other.close();
  });

  test("an address where nobody answers is a clear error", async () => {
    await expect(openMetadata({ url: `postgresql://telltale@127.0.0.1:${await freePort()}/postgres` })).rejects.toThrow(
      /^The PostgreSQL server does not answer: .*ECONNREFUSED/,
    );
  });
});

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  return port;
}

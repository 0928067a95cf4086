import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { linkLibraries } from "./binaries.ts";
import { isRunning } from "../../folder-lock.ts";
import { clearLeftover } from "./leftover.ts";
import { accountFor, launchAs } from "./unprivileged.ts";

const isRoot = process.getuid?.() === 0;
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "telltale-pg-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe("the libraries' short names", () => {
  const names = { source: "native/lib/libpq.so.5.18", target: "native/lib/libpq.so.5" };
  beforeEach(() => {
    mkdirSync(join(dir, "lib"));
    writeFileSync(join(dir, "lib", "libpq.so.5.18"), "library");
    writeFileSync(join(dir, "pg-symlinks.json"), JSON.stringify([names]));
  });

  test("are made beside the libraries when no install script made them, once", async () => {
    expect(await linkLibraries(dir, join(dir, "spare"))).toEqual({});
    expect(readlinkSync(join(dir, "lib", "libpq.so.5"))).toBe("libpq.so.5.18");
    expect(await Promise.all([linkLibraries(dir, "unused"), linkLibraries(dir, "unused")])).toEqual([{}, {}]);
  });

  test.skipIf(isRoot)("are made elsewhere, and named to the programs, where that folder is read-only", async () => {
    chmodSync(join(dir, "lib"), 0o555);
    expect(await linkLibraries(dir, join(dir, "spare"))).toEqual({ LD_LIBRARY_PATH: join(dir, "spare") });
    expect(readFileSync(join(dir, "spare", "libpq.so.5"), "utf8")).toBe("library");
    chmodSync(join(dir, "lib"), 0o755);
  });
});

const passwd = (...lines: string[]) => {
  const path = join(dir, "passwd");
  writeFileSync(path, ["root:x:0:0:root:/root:/bin/bash", ...lines, ""].join("\n"));
  return path;
};

describe.runIf(isRoot && existsSync("/usr/bin/setpriv"))("started by root", () => {
  test("it runs as postgres, else nobody, else whoever has an account", () => {
    expect(accountFor(dir, passwd("nobody:x:65534:65533::/:", "postgres:x:70:71::/:"))).toEqual({ uid: 70, gid: 71, isOther: true });
    expect(accountFor(dir, passwd("www:x:33:33::/:", "nobody:x:65534:65533::/:"))).toMatchObject({ uid: 65_534, gid: 65_533 });
    expect(accountFor(dir, passwd("app:x:1000:1000::/:"))).toMatchObject({ uid: 1000 });
    expect(() => accountFor(dir, passwd())).toThrow("no other account");
  });

  test("it may pass through a folder that only root can enter, and nothing more is said otherwise", () => {
    const account = { uid: 65_534, gid: 65_534, isOther: true };
    const closed = launchAs(account, "/bin/true", [], [join(dir, "data")]); // mkdtemp makes folders of mode 0700
    expect(closed.args.join(" ")).toContain("--ambient-caps=+dac_override");
    const open = launchAs(account, "/bin/true", ["-x"], ["/usr/share/anything"]);
    expect(open.args).toEqual(["--reuid=65534", "--regid=65534", "--clear-groups", "--pdeathsig=INT", "/bin/true", "-x"]);
  });
});

test.runIf(process.platform === "linux")("a server that was killed and is not reaped yet is waited for: PostgreSQL would take it for running", async () => {
  // The shell becomes a program that does not reap the child it had.
  const parent = spawn("sh", ["-c", "true & echo $!; exec sleep 2"], { stdio: ["ignore", "pipe", "ignore"] });
  const [line] = (await once(parent.stdout, "data")) as [Buffer];
  const pid = Number(line.toString());
  writeFileSync(join(dir, "postmaster.pid"), `${pid}\n`);
  await expect.poll(() => isRunning(pid)).toBe(false);
  await clearLeftover(dir);
  expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  expect(existsSync(join(dir, "postmaster.pid"))).toBe(true);
});

test("started by anybody else, it runs as that one", () => {
  const account = { uid: 1000, gid: 1000, isOther: false };
  const { command, args, uid } = launchAs(account, "/bin/true", ["-x"], []);
  expect(uid).toBeUndefined();
  expect([command, ...args].join(" ")).toMatch(/^(setpriv --pdeathsig=INT )?\/bin\/true -x$/);
});

import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FolderInUseError, isRunning } from "../folder-lock.ts";
import { type Metadata, openMetadata } from "./open-metadata.ts";

/** A fresh folder that everybody may pass through, because root lends PostgreSQL another account. */
function freshFolder(): string {
  return mkdtempSync(join(tmpdir(), "telltale-metadata-"));
}

describe("projects and settings", () => {
  const dataDir = freshFolder();
  let metadata: Metadata;
  let clock = 1_000;
  beforeAll(async () => {
    metadata = await openMetadata({ dataDir }, { now: () => (clock += 1) });
  });
  afterAll(async () => {
    await metadata.close();
    rmSync(dataDir, { recursive: true });
  });

  test("Default is there from the start, as 0, and cannot be deleted", async () => {
    expect(await metadata.projects.find("0")).toMatchObject({ id: "0", name: "Default", lifecycle: "active", tags: new Map() });
    await expect(metadata.projects.setLifecycle("0", "deleted")).rejects.toMatchObject({ code: "bad_request" });
    await expect(metadata.projects.remove("0")).rejects.toMatchObject({ code: "bad_request" });
    expect((await metadata.projects.setLifecycle("0", "active")).lifecycle).toBe("active");
  });

  test("a project is made with tags, found, renamed, deleted, restored and removed for good", async () => {
    const { projects } = metadata;
    const made = await projects.create({ name: "shop 🛒", tags: new Map([["team", "a"], ["env", "prod"]]) }); // prettier-ignore
    expect(made).toMatchObject({ id: "1", lifecycle: "active" });
    expect(await projects.find("1")).toEqual({ ...made, tags: new Map([["env", "prod"], ["team", "a"]]) }); // prettier-ignore
    expect((await projects.findByName("shop 🛒"))?.id).toBe("1");

    const renamed = await projects.rename("1", "store");
    expect(renamed.updatedMs).toBeGreaterThan(made.updatedMs);
    expect(renamed.createdMs).toBe(made.createdMs);

    await projects.setTag("1", "team", "b");
    await projects.setTag("1", "x'; DROP TABLE projects; --", "");
    await projects.deleteTag("1", "env");
    await projects.deleteTag("1", "never there");
    expect((await projects.find("1"))?.tags).toEqual(new Map([["team", "b"], ["x'; DROP TABLE projects; --", ""]])); // prettier-ignore

    await projects.setLifecycle("1", "deleted");
    expect((await projects.list()).map(({ id }) => id)).toEqual(["0"]);
    expect((await projects.list({ lifecycle: "deleted" })).map(({ id }) => id)).toEqual(["1"]);
    expect((await projects.list({ lifecycle: "all" })).map(({ id }) => id)).toEqual(["0", "1"]);
    await expect(projects.create({ name: "store" })).rejects.toMatchObject({ code: "already_exists", message: expect.stringContaining("deleted state") });
    expect((await projects.setLifecycle("1", "active")).lifecycle).toBe("active");

    await projects.remove("1");
    expect(await projects.find("1")).toBeUndefined();
    expect((await projects.create({ name: "store" })).id).toBe("3"); // no id is given twice; the refused name used 2
  });

  test("two that come at once with one name: one gets it", async () => {
    const results = await Promise.allSettled(Array.from({ length: 12 }, () => metadata.projects.create({ name: "race" })));
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const result of results) if (result.status === "rejected") expect(result.reason).toMatchObject({ code: "already_exists" });
  });

  test.each(["", "  ", "x".repeat(501), "nul \0 in it"])("refuses the name %j", async (name) => {
    await expect(metadata.projects.create({ name })).rejects.toMatchObject({ code: "bad_request" });
    await expect(metadata.projects.rename("0", name)).rejects.toMatchObject({ code: "bad_request" });
  });

  test.each(["", "-1", "1.5", "007", "abc", "2147483648", "99999999999999999999", "1; DROP TABLE projects"])("no project has the id %j", async (id) => {
    expect(await metadata.projects.find(id)).toBeUndefined();
    await expect(metadata.projects.rename(id, "x")).rejects.toMatchObject({ code: "project_not_found" });
    await expect(metadata.projects.setTag(id, "a", "b")).rejects.toMatchObject({ code: "project_not_found" });
    await expect(metadata.projects.remove(id)).rejects.toMatchObject({ code: "project_not_found" });
  });

  test("settings keep any JSON", async () => {
    const { settings } = metadata;
    expect(await settings.get("theme")).toBeUndefined();
    for (const value of [{ a: [1, null, "ü"] }, "text", 0, false, null]) {
      await settings.set("theme", value);
      expect(await settings.get("theme")).toEqual(value);
    }
    await settings.delete("theme");
    expect(await settings.get("theme")).toBeUndefined();
    await expect(settings.set("theme", undefined)).rejects.toMatchObject({ code: "bad_request" });
  });

  test("safe and small: fsync on, no network, few connections", async () => {
    const ask = async (name: string) =>
      (await metadata.db.selectNoFrom((eb) => eb.fn<string>("current_setting", [eb.val(name)]).as("value")).executeTakeFirst())?.value;
    expect(await ask("fsync")).toBe("on");
    expect(await ask("full_page_writes")).toBe("on");
    expect(await ask("listen_addresses")).toBe("");
    expect(await metadata.version()).toMatch(/^18\./);
    expect(statSync(join(dataDir, "postgres")).mode & 0o077).toBe(0);
  });
});

describe("the embedded server", () => {
  const dataDir = freshFolder();
  afterAll(() => rmSync(dataDir, { recursive: true }));

  test("keeps what was written over a clean stop, and leaves no process", async () => {
    const first = await openMetadata({ dataDir });
    await first.projects.create({ name: "kept" });
    const pid = first.embedded?.pid ?? 0;
    await first.close();
    expect(isRunning(pid)).toBe(false);
    const second = await openMetadata({ dataDir });
    expect((await second.projects.findByName("kept"))?.id).toBe("1");
    await expect(openMetadata({ dataDir })).rejects.toThrow(FolderInUseError);
    expect(await second.version()).toMatch(/^18/);
    await second.close();
  });

  test("is restarted when it is killed, and answers again", async () => {
    const metadata = await openMetadata({ dataDir });
    const pid = metadata.embedded?.pid ?? 0;
    process.kill(pid, "SIGKILL");
    await expectSoon(async () => {
      expect(await metadata.projects.findByName("kept")).toBeDefined();
      expect(metadata.embedded?.pid).not.toBe(pid);
    });
    expect(metadata.embedded?.restarts).toBe(1);
    await metadata.embedded?.stop();
    await expect(metadata.projects.list()).rejects.toMatchObject({ code: "store_unavailable", status: 503 });
    await metadata.close();
  });

  test("a pid file that names another living program does not keep it from starting", async () => {
    writeFileSync(join(dataDir, "postgres", "cluster", "postmaster.pid"), `${process.pid}\n/elsewhere\n`);
    const metadata = await openMetadata({ dataDir });
    expect(await metadata.projects.findByName("kept")).toBeDefined();
    await metadata.close();
  });

  test("a server that outlived its parent is stopped before a new one starts", async () => {
    const first = await openMetadata({ dataDir });
    const pid = first.embedded?.pid ?? 0;
    // As if the parent had been killed where nothing tells the server so: its lock is dead, the server runs on.
    const lock = join(dataDir, "postgres", "telltale.lock");
    writeFileSync(lock, JSON.stringify({ ...JSON.parse(readFileSync(lock, "utf8")), started: "an earlier boot:1" }));
    const second = await openMetadata({ dataDir });
    expect(isRunning(pid)).toBe(false);
    expect(await second.projects.findByName("kept")).toBeDefined();
    await first.close();
    await second.close();
  });

  test("when the parent is killed in mid-write, nothing acknowledged is lost", async () => {
    let acknowledged = 0;
    for (let round = 0; round < 3; round += 1) {
      const parent = startWriter(dataDir);
      const goal = acknowledged + 20;
      await new Promise<void>((resolve) => {
        parent.stdout.setEncoding("utf8").on("data", (text: string) => {
          acknowledged = Math.max(acknowledged, ...text.trim().split("\n").map(Number));
          if (acknowledged >= goal) resolve();
        });
      });
      parent.kill("SIGKILL");
      await once(parent, "close");
    }
    const started = performance.now();
    const metadata = await openMetadata({ dataDir });
    expect(performance.now() - started).toBeLessThan(2000);
    const names = new Set((await metadata.projects.list()).map(({ name }) => name));
    for (let index = 2; index <= acknowledged; index += 1) expect(names.has(`project ${index}`)).toBe(true);
    await metadata.close();
  });

  test("a folder whose path is too long for a socket, below one that only its owner may enter", async () => {
    const deep = join(dataDir, "a".repeat(60), "b".repeat(60));
    const metadata = await openMetadata({ dataDir: deep });
    const socketDir = metadata.embedded?.socketDir ?? "";
    expect(socketDir.startsWith(dataDir)).toBe(false);
    expect(statSync(socketDir).mode & 0o077).toBe(0);
    await metadata.close();
    expect(statSync(socketDir, { throwIfNoEntry: false })).toBeUndefined();
  });
});

/** A process that makes projects one after the other and says each number once it is committed. */
function startWriter(dataDir: string) {
  const module = new URL("./open-metadata.ts", import.meta.url).href;
  const program = `const { openMetadata } = await import(${JSON.stringify(module)});
    const metadata = await openMetadata({ dataDir: ${JSON.stringify(dataDir)} });
    let next = (await metadata.projects.list()).length;
    for (;;) { await metadata.projects.create({ name: "project " + next }); console.log(next); next += 1; }`;
  return spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", program], { stdio: ["ignore", "pipe", "inherit"] });
}

async function expectSoon(check: () => Promise<void>): Promise<void> {
  for (const until = Date.now() + 8000; ; await sleep(20)) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > until) throw error;
    }
  }
}

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, rmdirSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { Client, until } from "../load/client.ts";
import { startServer } from "../load/server.ts";
import { encodeRequest, makeTrace } from "../load/spans.ts";

const disk = smallDisk();
if (typeof disk === "string") console.warn(`skipped: ${disk}`);

/** A file system of 420 MB, when we may mount one; else one sentence why not. */
function smallDisk(): { folder: string } | string {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return "a full disk can only be tried by root on Linux";
  const folder = mkdtempSync(join(tmpdir(), "telltale-disk-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=420m,mode=0755", "telltale-test", folder], { stdio: "pipe" });
    return { folder };
  } catch (error) {
    rmdirSync(folder);
    return `no tmpfs can be mounted here (${String(error).split("\n")[0]})`;
  }
}

describe.skipIf(typeof disk === "string")("a disk that fills up", () => {
  const folder = typeof disk === "string" ? "" : disk.folder;
  afterAll(() => {
    execFileSync("umount", ["-l", folder]);
    rmdirSync(folder);
  });

  test("refuses with 503 and a clear error, loses nothing acknowledged, and goes on when space returns", async () => {
    const server = await startServer({ data: join(folder, "data") });
    const client = new Client(server.url);
    const acknowledged: string[] = [];
    const send = async (): Promise<{ status: number; text: string }> => {
      const traces = Array.from({ length: 20 }, () => makeTrace());
      const answer = await client.send(encodeRequest(traces, { project: "Disk" }));
      if (answer.status === 200) acknowledged.push(...traces.map(({ traceId }) => traceId));
      return answer;
    };
    expect((await send()).status).toBe(200);

    const ballast = join(folder, "ballast");
    const { bavail, bsize } = statfsSync(folder);
    writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - 24 * 1024 * 1024)));
    const refused = await until(
      "a refusal",
      async () => {
        const answer = await send();
        return answer.status === 200 ? undefined : answer;
      },
      60_000,
    );
    expect([503, 429], refused.text).toContain(refused.status);
    const full = await until("503", async () => {
      const answer = await send();
      return answer.status === 503 && answer;
    });
    expect(full.text).toMatch(/disk|space/i);
    expect(server.isRunning, server.output).toBe(true);
    expect((await client.search({ limit: 1 })).data, "reading still works").toHaveLength(1);

    rmSync(ballast);
    await until("taking spans again", async () => (await send()).status === 200, 30_000);
    const found = await client.searchAll({ project_ids: [await client.projectId("Disk")] });
    const ids = new Set(found.map(({ trace_id }) => trace_id));
    expect(acknowledged.filter((id) => !ids.has(id))).toEqual([]);
    expect(new Set(found.map(({ span_count }) => span_count))).toEqual(new Set([8]));
    expect(await server.stop()).toBe(0);

    // And after a restart on the disk that was full.
    const again = await startServer({ data: join(folder, "data") });
    const after = await new Client(again.url).searchAll({ project_ids: [await new Client(again.url).projectId("Disk")] });
    expect(after.length).toBe(found.length);
    await again.stop();
  });
});

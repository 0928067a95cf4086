import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const script = join(import.meta.dirname, "../../apps/web/scripts/check-size.mjs");

describe("the built web app", () => {
  it("loads no more JavaScript for a first page than its budget", async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [script]);
    expect(stdout).toContain("first load of src/pages/overview/OverviewPage.tsx");
  });
});

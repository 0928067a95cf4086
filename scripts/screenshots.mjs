// `node scripts/screenshots.mjs`: takes docs/images/*.png from the built app with the demo project.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";
import { chromiumPath } from "./chromium.mjs";
import { root } from "./fingerprint.mjs";
import { prepare } from "./prepare.mjs";

await prepare();
const folder = mkdtempSync(join(tmpdir(), "telltale-screenshots-"));
const flags = ["serve", "--json", "--port", "0", "--otlp-grpc-port", "0", "--otlp-http-port", "0", "--data", join(folder, "data")];
const server = spawn(process.execPath, [join(root, "apps/server/bin/telltale.js"), ...flags], { stdio: ["ignore", "pipe", "inherit"] });
try {
  const [line] = await once(createInterface({ input: server.stdout }), "line");
  const { url } = JSON.parse(line);
  await makeDemo(url);
  await takeAll(url);
} finally {
  server.kill("SIGTERM");
  await once(server, "exit");
  rmSync(folder, { recursive: true, force: true });
}

async function makeDemo(url) {
  await fetch(`${url}/api/v1/demo`, { method: "POST" });
  for (;;) {
    const { demo } = await (await fetch(`${url}/api/v1/server`)).json();
    if (demo.state === "present") return;
    if (demo.state === "absent") throw new Error("the demo project could not be made");
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function takeAll(url) {
  const images = join(root, "docs/images");
  mkdirSync(images, { recursive: true });
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] });
  const page = await browser.newPage({ viewport: { width: 1440, height: 860 }, colorScheme: "dark" });
  await page.setViewportSize({ width: 1440, height: 1240 });
  await page.goto(`${url}/?compare=1`);
  await page.getByRole("application", { name: "Cost by model" }).locator("canvas").waitFor();
  await page.getByRole("application", { name: "Time to first token" }).locator("canvas").waitFor();
  await page.waitForTimeout(3000);
  await page.screenshot({ path: join(images, "overview.png") });

  await page.setViewportSize({ width: 1440, height: 860 });
  await page.goto(`${url}/traces`);
  await page.getByRole("gridcell").first().waitFor();
  await page.waitForTimeout(1500);
  await page.screenshot({ path: join(images, "traces.png") });

  const search = { filter: "service = 'trip-agent' AND failed_tool = 'search_flights' AND label = 'booking'", limit: 1 };
  const found = await fetch(`${url}/api/v1/traces/search`, { method: "POST", body: JSON.stringify(search), headers: { "content-type": "application/json" } });
  const [trace] = (await found.json()).data;
  await page.goto(`${url}/traces/${trace.trace_id}`);
  await page.getByRole("treeitem").nth(1).click();
  await page.waitForTimeout(1500);
  await page.screenshot({ path: join(images, "trace.png") });
  await browser.close();
}

import { readFile } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Client } from "../load/client.ts";
import { type RunningServer, startServer } from "../load/server.ts";
import { browserPath, expectAccessible, expectNoSidewaysScrolling, launch, sendDemoTraces, settledBox, visit } from "./browser.ts";

if (browserPath === undefined) console.warn("skipped: no Chromium or Chrome found (npm test installs it as root on Debian; or set CHROMIUM_PATH)");

describe.skipIf(browserPath === undefined)("dashboards in a real browser", () => {
  let server: RunningServer;
  let browser: Browser;
  let shop = "";
  let starter = "";
  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(), launch()]);
    const client = new Client(server.url);
    await sendDemoTraces(client, "Shop", 300);
    shop = await client.projectId("Shop");
  });
  afterAll(async () => {
    await browser.close();
    await server.dispose();
  });

  const tile = (page: Page, name: string) => page.getByRole("region", { name, exact: true });
  const placeOf = (page: Page, id: string) => page.locator(`[data-tile="${id}"]`).evaluate((element) => [element.style.gridColumn, element.style.gridRow]);
  const read = async (id: string): Promise<{ version: number; tiles: { id: string; title: string; layout: object }[] }> =>
    (await fetch(`${server.url}/api/v1/dashboards/${id}`)).json() as never;

  test("one click makes a dashboard whose tiles show what was sent", async () => {
    const { page, context, errors } = await visit(browser);
    await page.goto(`${server.url}/dashboards?project=${shop}`);
    await page.getByText("No dashboards yet").waitFor();
    await expectAccessible(page);
    await page.getByRole("button", { name: /Start with/ }).click();
    await page.waitForURL(/\/dashboards\/d-/);
    starter = /\/dashboards\/(d-[\w-]+)/.exec(page.url())?.[1] ?? "";
    const requests = tile(page, "Requests");
    await requests.getByText(/^\d+ traces$/).waitFor();
    const { data } = (await (
      await fetch(`${server.url}/api/v1/metrics/query`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({
          metric: "trace_count",
          from: new Date(Date.now() - 7 * 86_400_000).toISOString(),
          to: new Date().toISOString(),
          project_ids: [shop],
        }),
      })
    ).json()) as { data: { n: number }[] };
    await requests.getByText(`${data[0]?.n} traces`, { exact: true }).waitFor();
    await tile(page, "Slowest routes, p95").getByRole("link").first().waitFor();
    // Every chart has the same figures as a table.
    await page.getByRole("button", { name: "Cost by model: actions" }).click();
    await page.getByRole("menuitem", { name: "Show as table" }).click();
    await tile(page, "Cost by model").getByRole("columnheader", { name: "Time" }).waitFor();

    // A filter narrows every tile, is in the address, and a mistake in it is explained without asking the server.
    const box = page.getByRole("combobox", { name: "Filter traces" });
    await box.fill("service = 'trip-agent'");
    await box.press("Enter");
    await expect.poll(() => new URL(page.url()).searchParams.get("filter")).toBe("service = 'trip-agent'");
    await expect.poll(async () => tile(page, "Requests").getByText(`${data[0]?.n} traces`, { exact: true }).count()).toBe(0);
    await box.fill("servce = 'trip-agent'");
    await box.press("Enter");
    await page
      .getByRole("alert")
      .getByText(/service/)
      .waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });

  test("tiles are moved and resized by keyboard and by pointer, removed and brought back, and saved", async () => {
    const { page, context, errors } = await visit(browser, { width: 1440 });
    await page.goto(`${server.url}/dashboards/${starter}?edit=1`);
    await page.getByRole("button", { name: "Move Requests", exact: true }).focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    expect(await placeOf(page, "requests")).toEqual(["3 / span 2", "1 / span 2"]);
    expect(await placeOf(page, "errors")).toEqual(["3 / span 2", "3 / span 2"]);
    await page.keyboard.press("Shift+ArrowRight");
    expect((await placeOf(page, "requests"))[0]).toBe("3 / span 3");
    await page.getByText("Requests: column 3, row 1, 3 wide, 2 high").waitFor({ state: "attached" });

    await page.locator('[data-tile="models"]').scrollIntoViewIfNeeded();
    const handle = await settledBox(page.getByRole("button", { name: "Move Slowest routes, p95", exact: true }));
    await page.mouse.move(handle.x + 5, handle.y + 5);
    await page.mouse.down();
    await page.mouse.move(handle.x + 5 + 400, handle.y + 5, { steps: 8 });
    await page.mouse.up();
    expect((await placeOf(page, "slow-routes"))[0]).toBe("5 / span 4");

    const corner = await settledBox(page.locator('[data-resize="slow-routes"]'));
    await page.mouse.move(corner.x + 8, corner.y + 8);
    await page.mouse.down();
    await page.mouse.move(corner.x + 8 + 120, corner.y + 8 + 80, { steps: 5 });
    await page.mouse.up();
    expect(await placeOf(page, "slow-routes")).toEqual(["5 / span 5", expect.stringMatching(/span 6$/)]);

    await page.getByRole("button", { name: "Remove Cost by user" }).click();
    await expect.poll(async () => tile(page, "Cost by user").count()).toBe(0);
    await page.getByRole("button", { name: "Undo", exact: true }).click();
    await tile(page, "Cost by user").waitFor();
    await page.getByText("not saved").waitFor();
    await page.getByRole("link", { name: "Traces", exact: true }).click();
    await page.getByRole("button", { name: "Stay" }).click();

    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByRole("button", { name: "Edit (e)" }).waitFor();
    const saved = await read(starter);
    expect(saved.version).toBe(2);
    expect(saved.tiles.find(({ id }) => id === "requests")?.layout).toEqual({ x: 2, y: 0, w: 3, h: 2 });
    expect(saved.tiles).toHaveLength(14);
    expect(errors).toEqual([]);
    await context.close();
  });

  test("a tile is built beside its preview; of two who save, the later is asked", async () => {
    const { page, context } = await visit(browser, { width: 1440 });
    await page.goto(`${server.url}/dashboards/${starter}?project=${shop}`);
    await tile(page, "Requests").waitFor();
    await page.keyboard.press("e");
    await page.getByRole("button", { name: "Add a tile" }).click();
    const editor = page.getByRole("dialog", { name: "New tile" });
    await editor.getByRole("textbox", { name: "Title" }).fill("Tokens by model");
    await editor.getByRole("button", { name: "Ranking" }).click();
    await editor.getByRole("combobox", { name: "Measure" }).selectOption("tokens");
    const groups = editor.getByRole("combobox", { name: "Group by" });
    await groups.fill("model");
    await editor.getByRole("region", { name: "Tokens by model", exact: true }).getByRole("link", { name: /gpt-/ }).first().waitFor();
    await expectAccessible(page);
    await editor.getByRole("button", { name: "Add the tile" }).click();
    await tile(page, "Tokens by model").waitFor();

    // Somebody else is quicker.
    const before = await read(starter);
    await fetch(`${server.url}/api/v1/dashboards/${starter}`, {
      method: "PATCH",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ version: before.version, description: "theirs" }),
    });
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByRole("alert").getByText("Somebody saved this dashboard since you began").waitFor();
    expect((await read(starter)).tiles).toHaveLength(14);
    await page.getByRole("button", { name: "Save mine over theirs" }).click();
    await page.getByRole("button", { name: "Edit (e)" }).waitFor();
    expect((await read(starter)).tiles.map(({ title }) => title)).toContain("Tokens by model");
    await context.close();
  });

  test("exported as a file, imported again, deleted", async () => {
    const { page, context, errors } = await visit(browser);
    await page.goto(`${server.url}/dashboards/${starter}?project=${shop}`);
    await page.getByRole("button", { name: "Dashboard actions" }).click();
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("menuitem", { name: "Export JSON" }).click()]);
    expect(download.suggestedFilename()).toBe("llm-operations.dashboard.json");
    const file = (await download.path()) ?? "";
    expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({ format: "telltale.dashboard", schema_version: 1 });

    await page.goto(`${server.url}/dashboards?project=${shop}`);
    await page.getByRole("button", { name: "Import" }).waitFor();
    await page.getByLabel("File of a dashboard").setInputFiles({ name: "x.json", mimeType: "application/json", buffer: Buffer.from("{") });
    await page.getByText("This file is not JSON").waitFor();
    await page.getByLabel("File of a dashboard").setInputFiles(file);
    await page.waitForURL(/\/dashboards\/d-/);
    expect(page.url()).not.toContain(starter);
    await tile(page, "Tokens by model").waitFor();
    await page.getByRole("button", { name: "Dashboard actions" }).click();
    await page.getByRole("menuitem", { name: "Delete…" }).click();
    await page.getByRole("button", { name: "Delete dashboard" }).click();
    await page.waitForURL(/\/dashboards(\?|$)/);
    await expect.poll(async () => page.getByRole("grid", { name: "Dashboards" }).getByRole("row").count()).toBe(2);
    expect(errors).toEqual([]);
    await context.close();
  });

  test("a chart of another page is put on a dashboard, with the filter of that page", async () => {
    const { page, context, errors } = await visit(browser);
    await page.goto(`${server.url}/?project=${shop}&filter=${encodeURIComponent("service = 'trip-agent'")}`);
    await page.getByRole("button", { name: "Latency: actions" }).click();
    await page.getByRole("menuitem", { name: "Add to dashboard…" }).click();
    const dialog = page.getByRole("dialog", { name: "Add to dashboard" });
    await dialog.getByRole("combobox", { name: "Dashboard" }).selectOption({ label: "LLM operations" });
    await dialog.getByRole("textbox", { name: "Title of the tile" }).fill("Latency of trips");
    await dialog.getByText("service = 'trip-agent'").waitFor();
    await expectAccessible(page);
    await dialog.getByRole("button", { name: "Add", exact: true }).click();
    await page.getByRole("link", { name: "Open the dashboard" }).click();
    await tile(page, "Latency of trips").waitFor();
    const added = (await read(starter)).tiles.find(({ title }) => title === "Latency of trips");
    expect(added).toMatchObject({ kind: "line", queries: [{ metric: "latency_ms", filter: "service = 'trip-agent'" }] });
    expect(errors).toEqual([]);
    await context.close();
  });

  test("a tile that fails leaves the others alone", async () => {
    const { page, context } = await visit(browser);
    await page.route("**/api/v1/metrics/query", (route) => {
      const body = route.request().postDataJSON() as { metric: string };
      const problem = { type: "urn:telltale:error:bad_request", title: "bad request", status: 400, detail: "No cost today" };
      return body.metric === "cost_usd"
        ? route.fulfill({ status: 400, contentType: "application/problem+json", body: JSON.stringify(problem) })
        : route.continue();
    });
    await page.goto(`${server.url}/dashboards/${starter}?project=${shop}`);
    await tile(page, "Cost").getByText("No cost today").waitFor();
    await tile(page, "Requests")
      .getByText(/^\d+ traces$/)
      .waitFor();
    await context.close();
  });

  test.each(["light", "dark"] as const)("accessible in %s, to read and to edit", async (theme) => {
    const { page, context, errors } = await visit(browser, { theme, width: 1440 });
    await page.goto(`${server.url}/dashboards/${starter}?project=${shop}`);
    await tile(page, "Requests")
      .getByText(/^\d+ traces$/)
      .waitFor();
    await expectAccessible(page);
    await page.keyboard.press("e");
    await page.getByRole("button", { name: "Settings of the dashboard" }).waitFor();
    await expectAccessible(page);
    await page.getByRole("button", { name: "Settings of the dashboard" }).click();
    await page.getByRole("dialog").waitFor();
    await expectAccessible(page);
    expect(errors).toEqual([]);
    await context.close();
  });

  test("usable at 390 pixels", async () => {
    const { page, context, errors } = await visit(browser, { width: 390, height: 844 });
    await page.goto(`${server.url}/dashboards/${starter}?project=${shop}`);
    await tile(page, "Requests")
      .getByText(/^\d+ traces$/)
      .waitFor();
    await expectNoSidewaysScrolling(page);
    await expectAccessible(page);
    await page.getByRole("button", { name: "Edit (e)" }).click();
    await page.getByRole("button", { name: "Add a tile" }).click();
    await page.getByRole("dialog", { name: "New tile" }).waitFor();
    await expectNoSidewaysScrolling(page);
    expect(errors).toEqual([]);
    await context.close();
  });
});

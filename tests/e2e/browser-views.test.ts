import { readFile } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Client } from "../load/client.ts";
import { type RunningServer, startServer } from "../load/server.ts";
import { browserPath, expectAccessible, expectNoSidewaysScrolling, launch, sendDemoTraces, visit } from "./browser.ts";

if (browserPath === undefined) console.warn("skipped: no Chromium or Chrome found (npm test installs it as root on Debian; or set CHROMIUM_PATH)");

describe.skipIf(browserPath === undefined)("saved views and CSV in a real browser", () => {
  let server: RunningServer;
  let client: Client;
  let browser: Browser;
  let shop = "";
  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(), launch()]);
    client = new Client(server.url);
    await sendDemoTraces(client, "Shop", 300);
    shop = await client.projectId("Shop");
  });
  afterAll(async () => {
    await browser.close();
    await server.dispose();
  });

  const button = (page: Page) => page.getByRole("button", { name: /^View(s$|: )/ });
  const choose = async (page: Page, item: string | RegExp) => {
    await button(page).click();
    await page.getByRole("menuitem", { name: item }).click();
  };
  const openView = async (page: Page, name: string) => {
    await button(page).click();
    await page.getByRole("menuitemcheckbox", { name }).click();
  };
  const filterOf = (page: Page) => new URL(page.url()).searchParams.get("q");

  test("saved, changed, saved again, shared, found by somebody else, opened from the palette, deleted", async () => {
    const ada = await visit(browser);
    const { page } = ada;
    await page.goto(`${server.url}/traces?project=${shop}&q=${encodeURIComponent("service = 'trip-agent'")}&sort=-duration_ms`);
    await page.getByRole("gridcell").first().waitFor();
    await page.getByRole("button", { name: "Columns, density, download" }).click();
    await page.getByRole("menuitemcheckbox", { name: "Feedback" }).click();
    await page.keyboard.press("Escape");
    expect(new URL(page.url()).searchParams.get("cols")).not.toContain("feedback");

    await choose(page, "Save as a new view…");
    await page.getByRole("textbox", { name: "Name" }).fill("Long trips");
    await expectAccessible(page);
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByRole("button", { name: "View: Long trips", exact: true }).waitFor();

    // A change shows, is taken back, and is kept.
    const box = page.getByRole("combobox", { name: "Filter traces" });
    await box.fill("has_error = true");
    await box.press("Enter");
    await page.getByRole("button", { name: "View: Long trips, changed" }).waitFor();
    await choose(page, "Back to how it was saved");
    await expect.poll(() => filterOf(page)).toBe("service = 'trip-agent'");
    await box.fill("service = 'trip-agent' AND has_error = true");
    await box.press("Enter");
    await choose(page, "Save the changes");
    await page.getByRole("button", { name: "View: Long trips", exact: true }).waitFor();

    const bob = await visit(browser);
    await bob.page.goto(`${server.url}/traces`);
    await bob.page.getByRole("gridcell").first().waitFor();
    await button(bob.page).click();
    await bob.page.getByText("No views of this page yet").waitFor();
    await bob.page.keyboard.press("Escape");

    await choose(page, "Share with everybody");
    await page.getByText("is there for everybody").waitFor();
    await bob.page.reload();
    await bob.page.getByRole("gridcell").first().waitFor();
    await openView(bob.page, "Long trips");
    await expect.poll(() => filterOf(bob.page)).toBe("service = 'trip-agent' AND has_error = true");
    expect(new URL(bob.page.url()).searchParams.get("sort")).toBe("-duration_ms");
    await expect.poll(async () => bob.page.getByRole("columnheader", { name: /Feedback/ }).count()).toBe(0);

    await bob.page.goto(`${server.url}/settings/ingest`);
    await bob.page.getByRole("heading", { name: "Ingest health" }).waitFor();
    await bob.page.keyboard.press("Control+k");
    await bob.page.getByRole("option", { name: /Long trips/ }).click();
    await expect.poll(() => filterOf(bob.page)).toBe("service = 'trip-agent' AND has_error = true");

    await choose(page, "Delete…");
    await page.getByRole("button", { name: "Delete view" }).click();
    await page.getByRole("button", { name: "Views", exact: true }).waitFor();
    expect(filterOf(page)).toBe("service = 'trip-agent' AND has_error = true");
    expect([...ada.errors, ...bob.errors]).toEqual([]);
    await ada.context.close();
    await bob.context.close();
  });

  test("the page opens with the view that its reader chose, until it is asked for something else", async () => {
    const { page, context, errors } = await visit(browser);
    await page.goto(`${server.url}/traces?q=${encodeURIComponent("has_error = true")}`);
    await page.getByRole("gridcell").first().waitFor();
    await choose(page, "Save as a new view…");
    await page.getByRole("textbox", { name: "Name" }).fill("Failures");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "View: Failures", exact: true }).waitFor();
    await button(page).click();
    await page.getByRole("menuitemcheckbox", { name: "Open this page with it" }).click();

    await page.goto(`${server.url}/traces`);
    await page.getByRole("button", { name: "View: Failures", exact: true }).waitFor();
    await expect.poll(() => filterOf(page)).toBe("has_error = true");
    await choose(page, "Close the view");
    await expect.poll(() => filterOf(page)).toBe(null);
    await page.goto(`${server.url}/traces?q=${encodeURIComponent("cost_usd > 0")}`);
    await page.getByRole("gridcell").first().waitFor();
    expect(filterOf(page)).toBe("cost_usd > 0");
    expect(errors).toEqual([]);
    await context.close();
  });

  test("pages of figures have views too: the Overview keeps its filter and window", async () => {
    const { page, context, errors } = await visit(browser);
    await page.goto(`${server.url}/?project=${shop}&range=30d&filter=${encodeURIComponent("service = 'trip-agent'")}`);
    await choose(page, "Save as a new view…");
    await page.getByRole("textbox", { name: "Name" }).fill("Trips this month");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "View: Trips this month", exact: true }).waitFor();
    await page.goto(`${server.url}/cost?project=${shop}`);
    await page.getByRole("button", { name: "Views", exact: true }).waitFor();
    await page.keyboard.press("Control+k");
    await page.getByRole("option", { name: /Trips this month/ }).click();
    await page.waitForURL((url) => url.pathname === "/");
    expect(Object.fromEntries(new URL(page.url()).searchParams)).toMatchObject({ range: "30d", filter: "service = 'trip-agent'", project: shop });
    expect(errors).toEqual([]);
    await context.close();
  });

  test("the CSV has every match, not only what is loaded", async () => {
    const { page, context, errors } = await visit(browser);
    await page.goto(`${server.url}/traces?project=${shop}`);
    await page.getByRole("gridcell").first().waitFor();
    await page.getByRole("button", { name: "Columns, density, download" }).click();
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("menuitem", { name: "Download CSV", exact: true }).click()]);
    expect(download.suggestedFilename()).toBe("traces.csv");
    const text = await readFile((await download.path()) ?? "", "utf8");
    const matching = await client.search({ project_ids: [shop], include: ["count"] });
    expect(text.startsWith("\uFEFFtrace_id,status,name,input,start_time,duration_ms,")).toBe(true);
    expect(text.match(/^[0-9a-f]{32},/gm)).toHaveLength(matching.count ?? 0);
    expect(errors).toEqual([]);
    await context.close();
  });

  test.each(["light", "dark"] as const)("the menu is accessible in %s and at 390 pixels", async (theme) => {
    const { page, context, errors } = await visit(browser, { theme, width: 390, height: 844 });
    await page.goto(`${server.url}/traces`);
    await page.getByText("support_turn").first().waitFor();
    await button(page).click();
    await page.getByRole("menuitem", { name: "Save as a new view…" }).waitFor();
    await expectAccessible(page);
    await expectNoSidewaysScrolling(page);
    expect(errors).toEqual([]);
    await context.close();
  });
});

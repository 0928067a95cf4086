import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Client } from "../load/client.ts";
import { type RunningServer, startServer } from "../load/server.ts";
import { browserPath, expectAccessible, expectNoSidewaysScrolling, launch, sendDemoTraces, visit, looks } from "./browser.ts";

if (browserPath === undefined) console.warn("skipped: no Chromium or Chrome found (npm test installs it as root on Debian; or set CHROMIUM_PATH)");

describe.skipIf(browserPath === undefined)("the SLO pages in a real browser", () => {
  let server: RunningServer;
  let browser: Browser;
  let project: string;
  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(), launch()]);
    const client = new Client(server.url);
    await sendDemoTraces(client, "Shop", 500);
    project = await client.projectId("Shop");
  });
  afterAll(async () => {
    await browser.close();
    await server.dispose();
  });

  test("an objective is made with a preview, watched, changed and deleted; its link finds the bad traces it counted", async () => {
    const { page, context, errors } = await visit(browser);
    await page.goto(`${server.url}/slos?project=${project}`);
    await page.getByText("Nothing is promised yet").waitFor();
    await page.getByRole("button", { name: "New SLO" }).first().click();

    const dialog = page.getByRole("dialog", { name: "New SLO" });
    await dialog.getByLabel("Name").fill("Support answers in time");
    await dialog.getByLabel(/That match/).fill("service = 'support-bo");
    await dialog.getByRole("alert").getByText(/quote/i).waitFor();
    await dialog.getByLabel(/That match/).fill("service = 'support-bot'");
    await dialog.getByText("7 days").click();
    await dialog.getByRole("button", { name: /it would have kept the target/ }).click();
    await dialog.getByText(/this would have been/).waitFor();
    expect(Number(await dialog.getByLabel(/Not above/).inputValue())).toBeGreaterThan(0);
    await dialog.getByLabel(/Not above/).fill("1500");
    await expectAccessible(page);
    await dialog.getByRole("button", { name: "Create" }).click();

    await page.getByRole("heading", { name: "Support answers in time" }).waitFor();
    const bad = page.getByRole("link", { name: /Bad traces/ }).last();
    await bad.waitFor();
    const count = Number((/Bad traces(\d+)/.exec((await bad.textContent()) ?? "") ?? [])[1]);
    expect(count).toBeGreaterThan(0);
    await bad.click();
    await page.getByText(new RegExp(`^${count} traces?$`)).waitFor();
    await page.goBack();

    await page.getByRole("button", { name: "Edit" }).click();
    await page.getByRole("dialog").getByLabel("Name").fill("Support is quick");
    await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
    await page.getByRole("heading", { name: "Support is quick" }).waitFor();
    await page.getByRole("link", { name: "All SLOs" }).click();
    await page.getByRole("link", { name: /Support is quick/ }).waitFor();
    await page.keyboard.press("g");
    await page.keyboard.press("l");
    await page.getByRole("link", { name: /Support is quick/ }).click();

    await page.getByRole("button", { name: "More" }).click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await page.getByText("Nothing is promised yet").waitFor();
    // The filter that was half typed was refused, as it should be.
    expect(errors.filter((error) => !error.includes("400"))).toEqual([]);
    await context.close();
  });

  test.each(looks)("readable and whole: %s, %i pixels", async (theme, width) => {
    const { page, context, errors } = await visit(browser, { theme, width, height: 844 });
    const slo = { name: `Trips ${theme} ${width}`, project_id: project, filter: "service = 'trip-agent'", target: 0.9, window_days: 7 };
    const made = await page.request.post(`${server.url}/api/v1/slos`, { data: { ...slo, indicator: { kind: "latency", threshold_ms: 8000 } } });
    const { id } = (await made.json()) as { id: string };
    await page.goto(`${server.url}/slos?project=${project}`);
    await page.getByText("attained").first().waitFor({ state: "attached" });
    await expectAccessible(page);
    await expectNoSidewaysScrolling(page);
    await page.goto(`${server.url}/slos/${id}`);
    await page.getByRole("region", { name: "Error budget", exact: true }).locator("canvas").waitFor();
    await page.getByRole("region", { name: "Worst hours" }).getByRole("link").first().waitFor();
    await expectAccessible(page);
    await expectNoSidewaysScrolling(page);
    expect(errors).toEqual([]);
    await context.close();
  });
});

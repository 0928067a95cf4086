import type { MetricsAnswer } from "@telltale/model/api";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Client } from "../load/client.ts";
import { type RunningServer, startServer } from "../load/server.ts";
import { browserPath, expectAccessible, expectNoSidewaysScrolling, launch, sendDemoTraces, settledBox, visit } from "./browser.ts";

if (browserPath === undefined) console.warn("skipped: no Chromium or Chrome found (npm test installs it as root on Debian; or set CHROMIUM_PATH)");

describe.skipIf(browserPath === undefined)("the Overview page in a real browser", () => {
  let server: RunningServer;
  let client: Client;
  let browser: Browser;
  let count = 0;
  let shop = "";
  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(), launch()]);
    client = new Client(server.url);
    count = await sendDemoTraces(client, "Shop", 900);
    shop = await client.projectId("Shop");
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await server.dispose();
  });

  /** 30 days: the traces lie in the last seven, and none leaves the window while the tests run. */
  const overview = (rest = "&range=30d"): string => `${server.url}/?project=${shop}${rest}`;
  const panel = (page: Page, name: string) => page.getByRole("region", { name, exact: true });
  const health = (page: Page, name: string) => panel(page, "Health").getByRole("link", { name: new RegExp(`^${name}`) });

  /** What lies below the screen is read when it comes near. */
  const scrollDown = (page: Page) => page.getByRole("region", { name: "Figures" }).evaluate((region) => region.scrollTo({ top: 1e6 }));

  test("is the start page; every figure leads to the traces it rests on", async () => {
    const { page, context, errors } = await visit(browser);
    await page.goto(server.url);
    await page.getByRole("heading", { name: "Overview" }).waitFor();
    await page.goto(overview());
    const now = new Date();
    const asked = { metric: "error_rate", aggregations: ["count", "sum"], project_ids: [shop], from: new Date(now.getTime() - 30 * 86_400_000).toISOString() };
    const { data } = await client.post<MetricsAnswer>("/api/v1/metrics/query", { ...asked, to: now.toISOString() });
    const failed = data[0]?.values.sum ?? 0;
    expect(failed).toBeGreaterThan(0);
    await health(page, "Requests")
      .filter({ hasText: count.toLocaleString("en") })
      .waitFor();
    await health(page, "Error rate")
      .filter({ hasText: `${failed} failed` })
      .click();
    await page.getByText(new RegExp(`^${failed} traces?$`)).waitFor();
    expect(new URL(page.url()).searchParams.get("q")).toBe("status = 'ERROR'");

    await page.keyboard.press("g");
    await page.keyboard.press("o");
    await page.getByRole("heading", { name: "Overview" }).waitFor();
    await page.getByRole("application", { name: "Latency" }).waitFor();
    await scrollDown(page);
    await page.getByRole("gridcell", { name: "ticket_digest" }).click();
    await page.getByRole("heading", { name: "Traces" }).waitFor();
    expect(new URL(page.url()).searchParams.get("q")).toBe("name = 'ticket_digest'");
    expect(errors).toEqual([]);
    await context.close();
  });

  test("a chart is read by keyboard and as a table, and a step of it leads to its traces", async () => {
    const { page, context, errors } = await visit(browser);
    await page.goto(overview("&range=7d&tz=utc"));
    const chart = page.getByRole("application", { name: "Traffic and errors" });
    await chart.focus();
    await page.keyboard.press("End");
    await chart
      .getByRole("status")
      .getByText(/UTC|\d\d:00/)
      .waitFor();
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Traces" }).waitFor();
    const { searchParams } = new URL(page.url());
    expect(Date.parse(searchParams.get("to") ?? "") - Date.parse(searchParams.get("from") ?? "")).toBe(7_200_000);

    await page.goBack();
    await page.getByRole("button", { name: "Latency: actions" }).click();
    await page.getByRole("menuitem", { name: "Show as table" }).click();
    const table = page.getByRole("region", { name: "Latency, as a table" });
    expect(await table.getByRole("columnheader").allTextContents()).toEqual(["Time", "p50", "p95", "p99"]);
    expect(await table.getByRole("row").count()).toBeGreaterThan(80);

    await page.getByRole("button", { name: "Latency: actions" }).click();
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("menuitem", { name: "Download CSV" }).click()]);
    expect(download.suggestedFilename()).toBe("latency.csv");
    expect(errors).toEqual([]);
    await context.close();
  });

  test("dragging over a chart narrows the window of the whole page", async () => {
    const { page, context } = await visit(browser);
    await page.goto(overview("&range=7d"));
    const box = await settledBox(page.getByRole("application", { name: "Traffic and errors" }).locator(".u-over"));
    await page.mouse.move(box.x + box.width * 0.5, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.75, box.y + 40, { steps: 4 });
    await page.mouse.up();
    await expect.poll(() => new URL(page.url()).searchParams.get("from")).not.toBeNull();
    const { searchParams } = new URL(page.url());
    const hours = (Date.parse(searchParams.get("to") ?? "") - Date.parse(searchParams.get("from") ?? "")) / 3_600_000;
    expect(hours).toBeGreaterThan(36);
    expect(hours).toBeLessThan(48);
    await context.close();
  });

  test("a panel that fails says so and nothing else does; it can be tried again", async () => {
    const { page, context, errors } = await visit(browser);
    let isBroken = true;
    const problem = { type: "urn:telltale:error:internal", title: "Internal error", status: 500, detail: "The store fell over." };
    await page.route("**/api/v1/overview/movers", (route) =>
      isBroken ? route.fulfill({ status: 500, contentType: "application/problem+json", body: JSON.stringify(problem) }) : route.continue(),
    );
    await page.goto(overview());
    await panel(page, "What changed").getByText("The store fell over.").waitFor();
    await health(page, "Requests")
      .filter({ hasText: count.toLocaleString("en") })
      .waitFor();
    await page.getByRole("application", { name: "Latency" }).waitFor();
    isBroken = false;
    await panel(page, "What changed").getByRole("button", { name: "Try again" }).click();
    await panel(page, "What changed").getByText("New in this window").waitFor();
    expect(errors.filter((error) => !/500/.test(error))).toEqual([]);
    await context.close();
  });

  test("the filter narrows every figure, is in the URL, and a wrong one is explained once", async () => {
    const { page, context } = await visit(browser);
    await page.goto(overview());
    const box = page.getByRole("combobox", { name: "Filter traces" });
    await box.fill("service = 'ticket-digest'");
    await box.press("Enter");
    const matching = await client.search({ project_ids: [shop], filter: "service = 'ticket-digest'", include: ["count"] });
    await health(page, "Requests")
      .filter({ hasText: String(matching.count) })
      .waitFor();
    await scrollDown(page);
    await expect.poll(async () => page.getByRole("grid", { name: "Routes" }).getByRole("row").count(), { timeout: 15_000 }).toBe(2);
    expect(new URL(page.url()).searchParams.get("filter")).toBe("service = 'ticket-digest'");
    await box.fill("servise = 'x'");
    await box.press("Enter");
    await page.getByText("The filter is not understood").waitFor();
    expect(await page.getByText(/did you mean "service"/).count()).toBe(1);
    await context.close();
  });

  test.each([
    ["light", 1360],
    ["dark", 1360],
    ["light", 390],
  ] as const)("can be used by everybody: %s at %i px", async (theme, width) => {
    const { page, context, errors } = await visit(browser, { theme, width });
    await page.goto(overview("&range=7d&compare=1"));
    await page.getByRole("application", { name: "Time to first token" }).locator("canvas").waitFor();
    await scrollDown(page);
    await page.getByRole("gridcell", { name: "support_turn" }).waitFor();
    await page.getByRole("application", { name: "Tokens by class" }).locator("canvas").waitFor();
    await expectAccessible(page);
    await expectNoSidewaysScrolling(page);
    expect(errors).toEqual([]);
    await context.close();
  });

  test("an open window follows the clock: what arrives is counted without a reload", async () => {
    const { page, context, errors } = await visit(browser);
    await page.goto(overview());
    await health(page, "Requests")
      .filter({ hasText: count.toLocaleString("en") })
      .waitFor();
    count += await sendDemoTraces(client, "Shop", 30, 99);
    await health(page, "Requests")
      .filter({ hasText: count.toLocaleString("en") })
      .waitFor({ timeout: 50_000 });
    expect(errors).toEqual([]);
    await context.close();
  }, 80_000);
});

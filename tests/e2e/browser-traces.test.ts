import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Client } from "../load/client.ts";
import { type RunningServer, startServer } from "../load/server.ts";
import { encodeRequest, makeTrace } from "../load/spans.ts";
import { browserPath, expectAccessible, expectNoSidewaysScrolling, launch, sendDemoTraces, visit } from "./browser.ts";

if (browserPath === undefined) console.warn("skipped: no Chromium or Chrome found (npm test installs it as root on Debian; or set CHROMIUM_PATH)");

describe.skipIf(browserPath === undefined)("the Traces page in a real browser", () => {
  let server: RunningServer;
  let client: Client;
  let browser: Browser;
  let count = 0;
  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(), launch()]);
    client = new Client(server.url);
  });
  afterAll(async () => {
    await browser.close();
    await server.dispose();
  });

  test("empty: waits for the first trace, names a mistake, turns green on arrival", async () => {
    const { page, context, errors } = await visit(browser);
    await page.goto(server.url);
    await page.getByText("Send your first trace").waitFor();
    await page.getByText("Waiting for a trace").waitFor();
    await expectAccessible(page);
    await page.getByRole("tab", { name: "OpenTelemetry" }).first().click();
    await page.getByText(server.url).first().waitFor();

    await client.send(Buffer.from("this is no OTLP"));
    await page
      .getByRole("alert")
      .getByText(/not valid OTLP/)
      .waitFor();

    await client.send(encodeRequest([makeTrace()], { project: "First" }));
    await page.getByRole("row").filter({ hasText: "invoke_agent support" }).waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });

  test("lists, counts, narrows by facet and by filter; the URL holds what is shown", async () => {
    count = await sendDemoTraces(client, "Shop", 400);
    const { page, context, errors } = await visit(browser);
    const shop = await client.projectId("Shop");
    await page.goto(`${server.url}/traces?project=${shop}`);
    await page.getByText(`${count.toLocaleString("en")} traces`).waitFor();
    await expect.poll(async () => page.getByRole("grid", { name: "Traces" }).getByRole("row").count()).toBeGreaterThan(10);

    await page
      .getByRole("complementary", { name: "Filters" })
      .getByRole("region", { name: "Service" })
      .getByRole("button", { name: /ticket-digest/ })
      .first()
      .click();
    await page
      .getByRole("gridcell", { name: /ticket_digest/ })
      .first()
      .waitFor();
    await expect.poll(async () => page.getByRole("gridcell", { name: /support_turn/ }).count()).toBe(0);
    expect(new URL(page.url()).search).toContain("ticket-digest");

    const box = page.getByRole("combobox", { name: "Filter traces" });
    await box.fill("service = 'trip-agent' AND failed_tool IS NOT NULL");
    await box.press("Enter");
    const matching = await client.search({ project_ids: [shop], filter: "service = 'trip-agent' AND failed_tool IS NOT NULL", include: ["count"] });
    await page.getByText(new RegExp(`^${matching.count ?? 0} traces?$`)).waitFor();
    await page.reload();
    await page.getByText(new RegExp(`^${matching.count ?? 0} traces?$`)).waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });

  test("a filter with a mistake is explained, and nothing else breaks", async () => {
    const { page, context } = await visit(browser);
    await page.goto(`${server.url}/traces`);
    const box = page.getByRole("combobox", { name: "Filter traces" });
    await box.fill("cots_usd > 1");
    await box.press("Enter");
    await page
      .getByRole("alert")
      .getByText(/cost_usd/)
      .first()
      .waitFor();
    await box.fill("");
    await box.press("Enter");
    await page.getByRole("gridcell").first().waitFor();
    await context.close();
  });

  test("words are found in any script", async () => {
    const { page, context } = await visit(browser);
    await page.goto(`${server.url}/traces?project=${await client.projectId("Shop")}`);
    const box = page.getByRole("combobox", { name: "Filter traces" });
    await box.fill("text ~ 'ヒートポンプ'");
    await box.press("Enter");
    await page
      .getByRole("gridcell", { name: /ヒートポンプ/ })
      .first()
      .waitFor();
    await context.close();
  });

  test.each(["light", "dark"] as const)("accessible in %s", async (theme) => {
    const { page, context, errors } = await visit(browser, { theme });
    await page.goto(`${server.url}/traces`);
    await page.getByRole("gridcell").first().waitFor();
    await expectAccessible(page);
    expect(errors).toEqual([]);
    await context.close();
  });

  test("usable at 390 pixels", async () => {
    const { page, context, errors } = await visit(browser, { width: 390, height: 844 });
    await page.goto(`${server.url}/traces`);
    await page.getByText("support_turn").first().waitFor();
    await expectNoSidewaysScrolling(page);
    await expectAccessible(page);
    await page.getByText("support_turn").first().click();
    await page.waitForURL(/\/traces\/[0-9a-f]{32}/);
    expect(errors).toEqual([]);
    await context.close();
  });

  test("the keyboard alone opens a trace", async () => {
    const { page, context } = await visit(browser);
    await page.goto(`${server.url}/traces`);
    await page.getByRole("gridcell").first().waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/traces\/[0-9a-f]{32}/);
    await context.close();
  });

  test("live: a new trace appears by itself", async () => {
    const { page, context } = await visit(browser);
    await page.goto(`${server.url}/traces?live=1`);
    await page.getByRole("gridcell").first().waitFor();
    const trace = makeTrace({ spansPerTrace: 2 });
    await client.send(encodeRequest([trace], { project: "Live" }));
    await page
      .getByRole("gridcell", { name: /invoke_agent support/ })
      .first()
      .waitFor();
    await context.close();
  });
});

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Client } from "../load/client.ts";
import { type RunningServer, startServer } from "../load/server.ts";
import { browserPath, expectAccessible, expectNoSidewaysScrolling, launch, sendDemoTraces, visit, looks } from "./browser.ts";

if (browserPath === undefined) console.warn("skipped: no Chromium or Chrome found (npm test installs it as root on Debian; or set CHROMIUM_PATH)");

describe.skipIf(browserPath === undefined)("the SQL page in a real browser", () => {
  let server: RunningServer;
  let browser: Browser;
  let project: string;
  let count = 0;
  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(), launch()]);
    const client = new Client(server.url);
    await sendDemoTraces(client, "Elsewhere", 40);
    count = await sendDemoTraces(client, "Shop", 300);
    project = await client.projectId("Shop");
    await client.search({ limit: 1 }); // waits until all can be read
  });
  afterAll(async () => {
    await browser.close();
    await server.dispose();
  });

  const open = (query?: string): string => `${server.url}/sql?project=${project}${query === undefined ? "" : `&query=${encodeURIComponent(query)}`}`;

  test("write with completion, run by keyboard, read, share, find again", async () => {
    const { page, context, errors } = await visit(browser);
    await page.goto(open());
    const editor = page.getByRole("textbox", { name: "SQL query" });
    await editor.click();
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type("SELECT count() AS n FROM tra");
    const offers = page.getByRole("listbox", { name: "Completions" });
    await offers.getByRole("option", { name: /traces/ }).waitFor();
    await page.waitForTimeout(150); // the list takes no key in its first moments, so that nobody accepts by accident
    await page.keyboard.press("Tab");
    await page.keyboard.press("ControlOrMeta+Enter");
    const result = page.getByRole("grid", { name: "Result" });
    await result.getByRole("gridcell", { name: String(count), exact: true }).waitFor(); // of this project only
    await page.getByText(/1 row · .* read/).waitFor();
    expect(new URL(page.url()).searchParams.get("query")).toBe("SELECT count() AS n FROM traces");

    await page
      .getByRole("button", { name: /^service String/ })
      .first()
      .click();
    expect(await editor.textContent()).toContain("service");

    const other = await context.newPage();
    await other.goto(open("SELECT trace_id, name FROM traces ORDER BY start_time LIMIT 200"));
    await other.getByText("200 rows").waitFor();
    await other.getByRole("grid", { name: "Result" }).getByRole("link").first().click();
    await other.waitForURL(/\/traces\/[0-9a-f]{32}/);

    await page.reload();
    await page.getByRole("button", { name: "History" }).click();
    await page.getByRole("menuitem", { name: /SELECT count\(\) AS n FROM traces/ }).waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });

  test("a mistake is explained and marked; a long query is cancelled", async () => {
    const { page, context } = await visit(browser);
    await page.goto(open("SELECT nam, count() AS n\nFROM traces GROUP BY name"));
    const alert = page.getByRole("alert");
    await alert.getByText(/nam/).first().waitFor();
    await alert.getByText("line 1, column 8").waitFor();
    await page.locator(".cm-lintRange-error").waitFor();
    await expectAccessible(page);

    await page.goto(
      open("SELECT max(cityHash64(a, b)) FROM (SELECT arrayJoin(range(100000)) AS a) AS x CROSS JOIN (SELECT arrayJoin(range(100000)) AS b) AS y"),
    );
    await page.getByRole("progressbar", { name: "The query runs" }).waitFor();
    await page.getByRole("button", { name: "Cancel" }).first().click();
    await page.getByText("Cancelled").waitFor();
    const answer = await page.request.post(`${server.url}/api/v1/sql`, { data: { query: "SELECT 1" }, timeout: 8_000 }); // the lane is free again
    expect(answer.status()).toBe(200);
    await page.goto(open("SELECT * FROM system.tables"));
    await alert.getByText(/There is no view system.tables/).waitFor();
    await context.close();
  });

  test.each(looks)("readable and whole: %s, %i pixels", async (theme, width) => {
    const { page, context, errors } = await visit(browser, { theme, width, height: 844 });
    await page.goto(open("SELECT name, count() AS n, avg(ttft_ms) AS ttft FROM traces GROUP BY name ORDER BY n DESC"));
    await page.getByRole("grid", { name: "Result" }).getByRole("gridcell").first().waitFor();
    await expectAccessible(page);
    await expectNoSidewaysScrolling(page);
    if (width === 390) {
      await page.getByRole("button", { name: "Views and columns" }).click();
      await page
        .getByRole("dialog")
        .getByRole("button", { name: /^duration_ms/ })
        .first()
        .click();
      expect(await page.getByRole("textbox", { name: "SQL query" }).textContent()).toContain("duration_ms");
    }
    expect(errors).toEqual([]);
    await context.close();
  });
});

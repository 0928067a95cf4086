import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Client } from "../load/client.ts";
import { type RunningServer, startServer } from "../load/server.ts";
import { browserPath, expectAccessible, expectNoSidewaysScrolling, launch, sendDemoTraces, visit } from "./browser.ts";

if (browserPath === undefined) console.warn("skipped: no Chromium or Chrome found (npm test installs it as root on Debian; or set CHROMIUM_PATH)");

/** The demo's model of its own, which no price list knows. */
const HOUSE_MODEL = "hearthly-llama-3.3-70b-ft2";

describe.skipIf(browserPath === undefined)("cost and prices in a real browser", () => {
  let server: RunningServer;
  let browser: Browser;
  let project: string;
  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(), launch()]);
    const client = new Client(server.url);
    await sendDemoTraces(client, "Shop", 900);
    project = await client.projectId("Shop");
  });
  afterAll(async () => {
    await browser.close();
    await server.dispose();
  });

  test("money is shown by what one asks for, with its classes, what was wasted, and what does not add up", async () => {
    // Tall: panels are read when they come near the screen.
    const { page, context, errors } = await visit(browser, { height: 3200 });
    await page.goto(`${server.url}/?project=${project}&range=7d`);
    await page.getByRole("link", { name: "Cost" }).first().waitFor();
    await page.keyboard.press("g");
    await page.keyboard.press("c");
    await page.getByRole("heading", { name: "Cost", exact: true }).waitFor();
    await page
      .getByRole("grid", { name: "Cost by model" })
      .getByRole("row", { name: /claude-sonnet-4-5/ })
      .first()
      .waitFor();
    await page.getByRole("list", { name: "Money by class of token" }).getByText("Reasoning", { exact: true }).waitFor();
    await page.getByRole("region", { name: "Totals" }).getByText(/≥ \$/).waitFor();

    await page.getByRole("button", { name: "User", exact: true }).click();
    await page.getByRole("grid", { name: "Cost by user" }).getByRole("row", { name: /user-/ }).first().waitFor();
    expect(new URL(page.url()).searchParams.get("by")).toBe("user");

    const examples = page.getByRole("list", { name: "Growing context: examples" });
    await examples
      .getByText(/input grew from/)
      .first()
      .waitFor();
    await page.getByRole("grid", { name: "Dearest traces" }).getByRole("row").nth(1).waitFor();
    await page.getByText("The reported total is not input plus output").first().waitFor();
    await expectAccessible(page);
    await examples.getByRole("link").first().click();
    await page.waitForURL(/\/traces\/[0-9a-f]{32}/);
    expect(errors).toEqual([]);
    await context.close();
  });

  test("a model without a price gets one: from the banner to the editor, and repricing applies it to what is stored", async () => {
    const { page, context, errors } = await visit(browser, { theme: "dark" });
    await page.goto(`${server.url}/cost?project=${project}&range=7d`);
    await page
      .getByRole("region", { name: "Unpriced usage" })
      .getByRole("link", { name: new RegExp(HOUSE_MODEL) })
      .click();
    const editor = page.getByRole("dialog", { name: "Set a price" });
    expect(await editor.getByLabel(/^Model/).inputValue()).toBe(HOUSE_MODEL);
    await editor.getByLabel("Input: USD per million tokens", { exact: true }).fill("a lot");
    await editor.getByRole("button", { name: "Set price" }).click();
    await editor
      .getByRole("alert")
      .getByText(/"a lot" is not an amount/)
      .waitFor();
    await editor.getByLabel("Input: USD per million tokens", { exact: true }).fill("0.6");
    await editor.getByLabel("Output: USD per million tokens", { exact: true }).fill("0.8");
    await expectAccessible(page);
    await editor.getByRole("button", { name: "Set price" }).click();
    await page.getByRole("region", { name: "Your prices" }).getByText("$0.6 in, $0.8 out").waitFor();

    const stored = page.getByRole("region", { name: "Stored calls" });
    await stored.getByRole("button", { name: "Compare" }).click();
    await stored.getByText(/would get new prices/).waitFor({ timeout: 60_000 });
    await stored.getByRole("row", { name: new RegExp(HOUSE_MODEL) }).waitFor();
    await stored.getByRole("button", { name: "Reprice" }).click();
    await stored.getByText(/ got new prices/).waitFor({ timeout: 60_000 });

    await page.getByRole("searchbox", { name: "Search the built-in table" }).fill("openai o3");
    await page.getByRole("grid", { name: "Built-in prices" }).getByText("since 2025-06-10").first().waitFor();
    await expectAccessible(page);
    await page.goto(`${server.url}/cost?project=${project}&range=7d`);
    await page
      .getByRole("grid", { name: "Cost by model" })
      .getByRole("row", { name: new RegExp(HOUSE_MODEL) })
      .getByText(/\$/)
      .first()
      .waitFor();
    expect(await page.getByRole("region", { name: "Unpriced usage" }).count()).toBe(0);
    expect(errors).toEqual([]);
    await context.close();
  });

  test("both pages work on a phone, in either theme", async () => {
    for (const theme of ["light", "dark"] as const) {
      const { page, context, errors } = await visit(browser, { theme, width: 390, height: 844 });
      for (const [path, heading] of [
        ["/cost", "Cost"],
        ["/settings/prices", "Prices"],
      ] as const) {
        await page.goto(`${server.url}${path}?project=${project}&range=7d`);
        await page.getByRole("heading", { name: heading, exact: true }).waitFor();
        await page.getByRole("grid").first().getByRole("row").nth(1).waitFor();
        if (path === "/cost") {
          // What lies below is read when it comes into sight.
          await page.getByRole("region", { name: "Cost figures" }).press("End");
          await page.getByRole("heading", { name: "What was wasted" }).waitFor();
          await page.getByText(/looked at, with/).waitFor();
        }
        await expectNoSidewaysScrolling(page);
        await expectAccessible(page);
      }
      expect(errors).toEqual([]);
      await context.close();
    }
  });
});

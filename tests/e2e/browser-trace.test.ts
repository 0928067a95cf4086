import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Client, until } from "../load/client.ts";
import { type RunningServer, startServer } from "../load/server.ts";
import { encodeSpans, makeTrace, text } from "../load/spans.ts";
import { browserPath, expectAccessible, expectNoSidewaysScrolling, launch, sendTripWithFailedTool, visit } from "./browser.ts";

describe.skipIf(browserPath === undefined)("the Trace page in a real browser", () => {
  let server: RunningServer;
  let client: Client;
  let browser: Browser;
  /** A trip with a failed tool. */
  let traceId = "";
  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(), launch()]);
    client = new Client(server.url);
    traceId = await sendTripWithFailedTool(client, "Shop");
  });
  afterAll(async () => {
    await browser.close();
    await server.dispose();
  });

  const open = async (page: Page): Promise<void> => {
    await page.goto(`${server.url}/traces/${traceId}`);
    await page.getByRole("treeitem").first().waitFor();
  };

  test("shows every span in a tree, its content on click, and keeps the span in the URL", async () => {
    const { page, context, errors } = await visit(browser);
    await open(page);
    const { spans } = await client.trace(traceId);
    expect(await page.getByRole("treeitem").count()).toBe(spans.length);
    await page
      .getByRole("treeitem", { name: /search_flights.*error/ })
      .first()
      .click();
    const pane = page.getByRole("region", { name: /Span execute_tool search_flights/ });
    await pane.waitFor();
    await pane
      .getByText(/travellers/)
      .first()
      .waitFor();
    expect(new URL(page.url()).searchParams.get("span")).toMatch(/^[0-9a-f]{16}$/);
    await page.reload();
    await pane.waitFor();
    await pane.getByRole("tab", { name: "Attributes" }).click();
    await pane.getByText("gen_ai.tool.name").first().waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });

  test("j and k walk through the spans", async () => {
    const { page, context } = await visit(browser);
    await open(page);
    const selected = async (): Promise<string | null> => page.locator('[role="treeitem"][aria-selected="true"]').first().getAttribute("aria-label");
    const first = await selected();
    await page.keyboard.press("j");
    await expect.poll(selected).not.toBe(first);
    await page.keyboard.press("k");
    await expect.poll(selected).toBe(first);
    await context.close();
  });

  test.each(["Graph", "Messages", "Feedback"])("the view %s shows without errors and is accessible", async (view) => {
    const { page, context, errors } = await visit(browser);
    await open(page);
    await page
      .getByRole("tablist", { name: "Views of the trace" })
      .getByRole("tab", { name: new RegExp(view) })
      .click();
    await page.waitForTimeout(400);
    await expectAccessible(page);
    expect(errors).toEqual([]);
    await context.close();
  });

  test("feedback can be given, and is there for the API", async () => {
    const { page, context } = await visit(browser);
    await page.goto(`${server.url}/traces/${traceId}?tab=feedback`);
    await page
      .getByRole("button", { name: /Add feedback|Add/ })
      .first()
      .click();
    const form = page.getByRole("form", { name: "New feedback" });
    await form.getByLabel("Name", { exact: true }).fill("helpful");
    await form.getByRole("button", { name: "Bad" }).click();
    await form.getByLabel(/Why/).fill("The flight was never found");
    await form.getByLabel("Your name").fill("mara");
    await form.getByRole("button", { name: "Add" }).click();
    await form.waitFor({ state: "detached" });
    await page.getByText("The flight was never found").first().waitFor();
    await expect
      .poll(async () => (await client.trace(traceId)).assessments)
      .toEqual([expect.objectContaining({ name: "helpful", value: false, rationale: "The flight was never found", source: { type: "HUMAN", id: "mara" } })]);
    await context.close();
  });

  test("a tag can be set and removed", async () => {
    const { page, context } = await visit(browser);
    await open(page);
    await page.getByRole("button", { name: "Tag" }).click();
    const panel = page.getByRole("dialog", { name: "Add a tag" });
    await panel.getByLabel("Key").fill("reviewed");
    await panel.getByLabel("Value").fill("yes");
    await panel.getByRole("button", { name: "Set the tag" }).click();
    await expect.poll(async () => (await client.trace(traceId)).trace.tags["reviewed"]).toBe("yes");
    await page.getByText("reviewed").first().hover();
    await page.getByRole("button", { name: "Remove the tag reviewed" }).click();
    await expect.poll(async () => (await client.trace(traceId)).trace.tags["reviewed"]).toBeUndefined();
    await context.close();
  });

  test.each(["light", "dark"] as const)("accessible in %s", async (theme) => {
    const { page, context, errors } = await visit(browser, { theme });
    await open(page);
    await expectAccessible(page);
    expect(errors).toEqual([]);
    await context.close();
  });

  test("usable at 390 pixels", async () => {
    const { page, context, errors } = await visit(browser, { width: 390, height: 844 });
    await open(page);
    await expectNoSidewaysScrolling(page);
    await expectAccessible(page);
    expect(errors).toEqual([]);
    await context.close();
  });

  test("content is text: markup in a span does nothing", async () => {
    const evil = makeTrace({ spansPerTrace: 1 });
    const [span] = evil.spans as { attributes: unknown[] }[];
    span?.attributes.push(
      text(
        "gen_ai.output.messages",
        JSON.stringify([
          {
            role: "assistant",
            parts: [{ type: "text", content: '<img src=x onerror="window.hacked=1"> <script>window.hacked=1</script> [x](javascript:window.hacked=1)' }],
          },
        ]),
      ),
    );
    await client.send(encodeSpans(evil.spans));
    const { page, context } = await visit(browser);
    await page.goto(`${server.url}/traces/${evil.traceId}`);
    await page.getByRole("treeitem").first().waitFor();
    await page.waitForTimeout(500);
    expect(await page.evaluate<boolean>("'hacked' in window")).toBe(false);
    expect(await page.locator('a[href^="javascript:"]').count()).toBe(0);
    await context.close();
  });

  test("a trace of 20,000 spans opens and scrolls", async () => {
    const large = makeTrace({ spansPerTrace: 20_000, textBytes: 60 });
    for (let at = 0; at < large.spans.length; at += 2000) await client.send(encodeSpans(large.spans.slice(at, at + 2000)));
    await until(
      "all spans",
      async () => (await client.get<{ trace: { span_count: number } }>(`/api/v1/traces/${large.traceId}`)).trace.span_count === 20_000,
      60_000,
    );
    const { page, context, errors } = await visit(browser);
    const startedMs = performance.now();
    await page.goto(`${server.url}/traces/${large.traceId}`);
    await page.getByRole("treeitem").first().waitFor();
    expect(performance.now() - startedMs).toBeLessThan(5000);
    expect(await page.getByRole("treeitem").count()).toBeLessThan(400);
    const list = page.getByRole("region", { name: "Spans" });
    await list.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    await expect
      .poll(
        async () =>
          page
            .getByRole("treeitem")
            .first()
            .getAttribute("aria-posinset")
            .catch(() => null),
        { timeout: 2000 },
      )
      .not.toBe("1");
    expect(errors).toEqual([]);
    await context.close();
  });

  test("a trace that does not exist says so", async () => {
    const { page, context } = await visit(browser);
    await page.goto(`${server.url}/traces/${"ab".repeat(16)}`);
    await page.getByText("There is no such trace").waitFor();
    await context.close();
  });
});

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Client } from "../load/client.ts";
import { type RunningServer, startServer } from "../load/server.ts";
import { browserPath, expectAccessible, expectNoSidewaysScrolling, launch, sendDemoTraces, visit } from "./browser.ts";

const LONG = "support/№ 7 “long”";
const TURNS = 400;
const PERSON = "ann@example.org";

describe.skipIf(browserPath === undefined)("Sessions and users in a real browser", () => {
  let server: RunningServer;
  let client: Client;
  let browser: Browser;
  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(), launch()]);
    client = new Client(server.url);
    await sendDemoTraces(client, "Shop", 400);
    await sendConversation(client);
  });
  afterAll(async () => {
    await browser.close();
    await server.dispose();
  });

  const open = async (page: Page, path: string): Promise<void> => {
    await page.goto(`${server.url}${path}`);
  };
  const longPath = `/sessions/${encodeURIComponent(LONG)}`;

  test("a session is found by a part of its id and read turn by turn", async () => {
    const { page, context, errors } = await visit(browser);
    await open(page, "/sessions");
    await page.getByRole("searchbox", { name: "Part of a session id" }).fill("№ 7");
    const row = page.getByRole("grid", { name: "Sessions" }).getByRole("link", { name: LONG });
    await row.click();
    await page.getByText("Question 1 of Ann").waitFor();
    await page.getByText("Answer 2").waitFor();
    expect(decodeURIComponent(new URL(page.url()).pathname)).toBe(`/sessions/${LONG}`);
    await page
      .getByRole("article", { name: `Turn 2 of ${TURNS}` })
      .getByText("the shop is closed")
      .waitFor();
    const current = page.locator('article[aria-current="true"]');
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await expect.poll(() => current.getAttribute("aria-label"), { timeout: 15_000 }).toBe(`Turn 3 of ${TURNS}`);
    await page.keyboard.press("k");
    await expect.poll(() => current.getAttribute("aria-label"), { timeout: 15_000 }).toBe(`Turn 2 of ${TURNS}`);
    await current.getByRole("link", { name: "Open trace" }).click();
    await page.getByRole("group", { name: "Traces of the session" }).getByText(`2 of ${TURNS}`).waitFor();
    await page.keyboard.press("]");
    await page.getByRole("group", { name: "Traces of the session" }).getByText(`3 of ${TURNS}`).click();
    await page
      .getByRole("article", { name: `Turn 3 of ${TURNS}` })
      .getByText("Question 3 of Ann")
      .waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });

  test("a long session opens anywhere and pages both ways; only what is in sight is there", async () => {
    const { page, context } = await visit(browser);
    await open(page, `${longPath}?turn=300`);
    await page.getByText("Question 300 of Ann").waitFor();
    await page.getByRole("button", { name: "Go to" }).click();
    await page.getByRole("textbox", { name: /^Turn/ }).fill(String(TURNS));
    await page.keyboard.press("Enter");
    await page.getByText(`Question ${TURNS} of Ann`).waitFor();
    expect(await page.getByRole("article").count()).toBeLessThan(30);
    await page.getByRole("feed", { name: "Conversation" }).evaluate((feed: { scrollTop: number }) => (feed.scrollTop -= 3_000));
    await page
      .getByText(/Question 38\d of Ann/)
      .first()
      .waitFor();
    await page.getByRole("button", { name: "Go to" }).click();
    await page.getByRole("button", { name: "First error" }).click();
    await page.getByText("the model gave up").first().waitFor();
    expect(new URL(page.url()).searchParams.get("turn")).toBe("50");
    await context.close();
  });

  test("a thumb on a turn is kept, and another press turns it", async () => {
    const { page, context } = await visit(browser);
    await open(page, `${longPath}?turn=5`);
    const good = page.getByRole("button", { name: "Turn 5: good" });
    await good.click();
    await expect.poll(() => good.getAttribute("aria-pressed"), { timeout: 15_000 }).toBe("true");
    await page.getByRole("button", { name: "Turn 5: bad" }).click();
    await expect.poll(() => page.getByRole("button", { name: "Turn 5: bad" }).getAttribute("aria-pressed"), { timeout: 15_000 }).toBe("true");
    const answer = await (await fetch(`${server.url}/api/v1/sessions/${encodeURIComponent(LONG)}?position=4&limit=1`)).json();
    const given = (answer as { data: { assessments: { name: string; value: unknown }[] }[] }).data[0]?.assessments;
    expect(given).toMatchObject([{ name: "helpful", value: false }]);
    await context.close();
  });

  test("feedback on a session is kept with its last trace, and the session counts it", async () => {
    const { page, context } = await visit(browser);
    await open(page, longPath);
    const about = page.getByRole("complementary", { name: "About the session" });
    await about.getByRole("button", { name: "Feedback on the session" }).click();
    const form = about.getByRole("form", { name: "New feedback" });
    await form.getByRole("textbox", { name: "Name", exact: true }).fill("patience");
    await form.getByRole("button", { name: "Number" }).click();
    await form.getByRole("textbox", { name: "Number" }).fill("4");
    await form.getByRole("button", { name: "Add" }).click();
    await about.getByText("patience").waitFor();
    const answer = await (await fetch(`${server.url}/api/v1/sessions/${encodeURIComponent(LONG)}?position=${TURNS - 1}&limit=1`)).json();
    const given = (answer as { data: { assessments: { name: string; value: unknown; metadata: object }[] }[] }).data[0]?.assessments;
    expect(given).toMatchObject([{ name: "patience", value: 4, metadata: { "mlflow.trace.session": LONG } }]);
    await context.close();
  });

  test.each(["light", "dark"] as const)("the four pages are accessible in %s, and fit a phone", async (theme) => {
    for (const path of ["/sessions", "/users", longPath, `/users/${encodeURIComponent(PERSON)}`]) {
      const { page, context, errors } = await visit(browser, { theme });
      await open(page, path);
      await page
        .getByText(path.startsWith("/sessions/") ? "Question 1 of Ann" : PERSON)
        .first()
        .waitFor();
      await page.waitForLoadState("networkidle");
      await expectAccessible(page);
      await page.setViewportSize({ width: 390, height: 844 });
      await expectNoSidewaysScrolling(page);
      expect([path, errors]).toEqual([path, []]);
      await context.close();
    }
  });

  test("a user is erased after their id is typed, and the receipt stays", async () => {
    const { page, context } = await visit(browser);
    await open(page, "/users");
    await page.getByRole("grid", { name: "Users" }).getByRole("link", { name: PERSON }).click();
    await page
      .getByRole("group", { name: "Figures" })
      .or(page.getByRole("region", { name: "Figures" }))
      .getByText(String(TURNS))
      .first()
      .waitFor();
    const [archive] = await Promise.all([page.waitForEvent("download"), menu(page, "Export everything")]);
    expect(archive.suggestedFilename()).toBe("user-export.tar.gz");
    await menu(page, "Erase…");
    const dialog = page.getByRole("dialog", { name: "Erase this user" });
    await dialog.getByText("traces, those of judges included").waitFor();
    const erase = dialog.getByRole("button", { name: "Erase for good" });
    expect(await erase.isDisabled()).toBe(true);
    await expectAccessible(page);
    await dialog.getByRole("textbox").fill(PERSON);
    await erase.click();
    await page.getByRole("dialog", { name: "The user is being erased" }).getByText(`${TURNS} traces`).waitFor();
    await page.getByRole("button", { name: "Close" }).last().click();
    await page.getByText("No traces of this user in this time").waitFor();
    await page.getByRole("region", { name: "Erasures" }).getByText(`${TURNS} traces`).waitFor();
    await open(page, longPath);
    await page.getByText("There is no such session").waitFor();
    await context.close();
  });
});

async function menu(page: Page, item: string): Promise<void> {
  await page.getByRole("button", { name: "Export or erase" }).click();
  await page.getByRole("menuitem", { name: item }).click();
}

/** One person's conversation of many turns: a tool fails in the second, the fiftieth fails. */
async function sendConversation(client: Client): Promise<void> {
  const start = Date.now() - TURNS * 1_000;
  const attribute = (key: string, value: string) => ({ key, value: { stringValue: value } });
  const hex = (number: number, length: number): string => number.toString(16).padStart(length, "0");
  for (let from = 0; from < TURNS; from += 100) {
    const spans = Array.from({ length: 100 }, (_, index) => from + index).flatMap((turn) => {
      const at = (offsetMs: number): string => `${BigInt(start + turn * 1_000 + offsetMs) * 1_000_000n}`;
      const traceId = hex(turn + 1, 8).repeat(4);
      const root = {
        traceId,
        spanId: hex(turn * 2 + 1, 16),
        name: "support turn",
        startTimeUnixNano: at(0),
        endTimeUnixNano: at(700),
        attributes: [
          attribute("session.id", LONG),
          attribute("user.id", PERSON),
          attribute("input.value", `Question ${turn + 1} of Ann`),
          attribute("output.value", `Answer ${turn + 1}. ${"It goes on for a while. ".repeat(turn % 12)}`),
        ],
        status: turn === 49 ? { code: 2, message: "the model gave up" } : {},
      };
      const tool = {
        traceId,
        spanId: hex(turn * 2 + 2, 16),
        parentSpanId: root.spanId,
        name: "execute_tool refund",
        startTimeUnixNano: at(100),
        endTimeUnixNano: at(200),
        attributes: [attribute("gen_ai.operation.name", "execute_tool"), attribute("gen_ai.tool.name", "refund")],
        status: turn === 1 ? { code: 2, message: "the shop is closed" } : {},
      };
      return turn % 3 === 1 ? [root, tool] : [root];
    });
    const resource = { attributes: [attribute("service.name", "support")] };
    const answer = await client.send(JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans }] }] }), { "x-telltale-project": "Shop" });
    expect(answer.status, answer.text).toBe(200);
  }
}

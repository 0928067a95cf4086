import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { Client } from "../load/client.ts";
import { type RunningServer, startServer } from "../load/server.ts";
import { browserPath, expectAccessible, expectNoSidewaysScrolling, launch, looks, sendDemoTraces, visit } from "./browser.ts";

if (browserPath === undefined) console.warn("skipped: no Chromium or Chrome found (npm test installs it as root on Debian; or set CHROMIUM_PATH)");

const REASON = "The answer stays friendly throughout.";
const DAY_MS = 86_400_000;

describe.skipIf(browserPath === undefined)("the review pages in a real browser", () => {
  let server: RunningServer;
  let browser: Browser;
  let project: string;
  const api = async <T>(path: string, body?: object): Promise<T> => {
    const init = body === undefined ? {} : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
    const response = await fetch(`${server.url}/api/v1${path}`, init);
    expect(response.ok, path).toBe(true);
    return (await response.json()) as T;
  };
  const search = () => api<{ data: { trace_id: string }[] }>("/traces/search", { project_ids: [project], limit: 60, filter: "complete = true" });

  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(), launch()]);
    const client = new Client(server.url);
    await sendDemoTraces(client, "Shop", 60);
    project = await client.projectId("Shop");
    await vi.waitFor(async () => expect((await search()).data.length).toBeGreaterThan(40), { timeout: 60_000, interval: 500 });
    for (const [index, { trace_id: id }] of (await search()).data.entries())
      await api(`/traces/${id}/assessments`, {
        name: "polite",
        value: index % 4 !== 0,
        rationale: REASON,
        source: { type: "LLM_JUDGE", id: "gpt-4.1" },
      });
  });
  afterAll(async () => {
    await browser.close();
    await server.dispose();
  });

  test("a queue is made from a scorer's link and labelled by keys; each answer is one label, and can be taken back", async () => {
    const { page, context, errors } = await visit(browser);
    await page.goto(`${server.url}/review?project=${project}`);
    await page.getByText("Nobody is asked anything yet").waitFor();
    await page.goto(`${server.url}/review?project=${project}&label=polite&count=20`);
    const dialog = page.getByRole("dialog", { name: "New review queue" });
    await dialog.getByLabel("Name", { exact: true }).fill("Polite, week 47");
    await dialog.getByLabel(/That match/).fill("name = 'no such name'");
    await dialog.getByLabel("From the").selectOption("90");
    await dialog.getByRole("button", { name: "Create" }).click();
    await dialog
      .getByRole("alert")
      .getByText(/No finished trace/)
      .waitFor();
    await dialog.getByLabel(/That match/).fill("");
    await dialog.getByLabel(/^For/).fill("ada");
    await expectAccessible(page);
    await dialog.getByRole("button", { name: "Create" }).click();

    await page.getByLabel("Your name").fill("Ada");
    await page.getByRole("button", { name: "Begin" }).click();
    await page.getByRole("article", { name: "The trace" }).waitFor();
    await page.getByRole("button", { name: /Show what polite said/ }).waitFor();
    expect(await page.getByText(REASON).count()).toBe(0);
    await expectAccessible(page);

    const progress = (text: string) => page.getByText(text, { exact: true }).locator("visible=true").first().waitFor();
    const traceLink = page.getByRole("link", { name: "Open trace" });
    const first = /traces\/([0-9a-f]{32})/.exec((await traceLink.getAttribute("href")) ?? "")?.[1] ?? "";
    await page.keyboard.press("y");
    await progress("1 of 20");
    await page
      .getByText(/interval now ±/)
      .locator("visible=true")
      .first()
      .waitFor();
    await page.getByRole("article", { name: "The trace" }).waitFor();
    await page.keyboard.press("2");
    await progress("2 of 20");
    await page.getByRole("article", { name: "The trace" }).waitFor();
    await page.keyboard.press("s");
    await progress("2 of 19, 1 skipped");
    await page.keyboard.press("u");
    await progress("2 of 20");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    await page.getByText(/another answer replaces it/).waitFor();
    await page.getByText(REASON).waitFor();
    const said = async () => {
      const { data } = await api<{ data: { name: string; value: unknown; source: { type: string; id: string } }[] }>(`/traces/${first}/assessments`);
      return data.filter(({ source }) => source.type === "HUMAN").map(({ name, value, source }) => [name, value, source.id]);
    };
    expect(await said()).toEqual([["polite", true, "Ada"]]);
    await page.keyboard.press("n");
    await expect.poll(said).toEqual([["polite", false, "Ada"]]);

    await page.getByRole("link", { name: "All queues" }).click();
    await page.getByText("Assigned to me").click();
    await page.getByRole("link", { name: "Polite, week 47" }).waitFor();
    await page.keyboard.press("g");
    await page.keyboard.press("r");
    await page.getByRole("link", { name: "Polite, week 47" }).waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });

  test("interesting traces say that they enter no estimate, and a queue ends", async () => {
    const id = await queue("Odd ones", { purpose: "interesting" }, 2);
    const { page, context, errors } = await visit(browser);
    await named(context);
    await page.goto(`${server.url}/review/${id}?project=${project}`);
    await page.getByText(/never enters an estimate/).waitFor();
    for (const done of ["1 of 2", "2 of 2"]) {
      await page.getByRole("article", { name: "The trace" }).waitFor();
      await page.getByRole("button", { name: /Fail/ }).click();
      await page.getByText(done, { exact: true }).locator("visible=true").first().waitFor();
    }
    await page.getByText("All of it is labelled").waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });

  test("a queue asks several questions of each trace: pressed, several, a number and a text; one can go back to any", async () => {
    const schema = async (name: string, input: object, more: object = {}) =>
      (await api<{ id: string }>("/label-schemas", { project_id: project, name, input, ...more })).id;
    const ids = [
      await schema("right", { kind: "pass_fail", positive_label: "Right", negative_label: "Wrong" }),
      await schema("missing", { kind: "categorical", options: ["a source", "a price", "a date"], multi_select: true }),
      await schema("stars", { kind: "numeric", min: 1, max: 5 }),
      await schema("percent", { kind: "numeric", min: 0, max: 100 }),
      await schema("better", { kind: "text", max_length: 200 }, { type: "expectation" }),
    ];
    const id = await queue("Everything", { label: undefined, label_schema_ids: ids }, 2);
    const { page, context, errors } = await visit(browser);
    await named(context);
    await page.goto(`${server.url}/review/${id}?project=${project}`);
    const pane = page.getByRole("complementary", { name: "Your answer" });
    const asks = (name: string, step: number) =>
      Promise.all([pane.getByRole("heading", { name, exact: true }).waitFor(), pane.getByText(`Question ${step} of 5`).waitFor()]);
    await asks("right", 1);
    const traceId = /traces\/([0-9a-f]{32})/.exec((await page.getByRole("link", { name: "Open trace" }).getAttribute("href")) ?? "")?.[1] ?? "";
    await page.getByRole("article", { name: "The trace" }).waitFor();
    await page.keyboard.press("n");
    await asks("missing", 2);
    await page.keyboard.press("3");
    await page.keyboard.press("1");
    await page.keyboard.press("2");
    await page.keyboard.press("2");
    await expectAccessible(page);
    await page.keyboard.press("Tab");
    await pane.getByRole("button", { name: "Save and go on" }).focus();
    await page.keyboard.press("Enter");
    await asks("stars", 3);
    await page.keyboard.press("4");
    await asks("percent", 4);
    await page.keyboard.type("120");
    await pane.getByRole("alert").getByText("It takes a number from 0 to 100").waitFor();
    await page.keyboard.press("Control+a");
    await page.keyboard.type("62.5");
    await page.keyboard.press("Enter");
    await asks("better", 5);
    await page.keyboard.type("The hub needs a restart.");
    await expectAccessible(page);
    await pane.getByRole("button", { name: "1: right, answered" }).click();
    await asks("right", 1);
    await pane.getByRole("group", { name: "Your answer" }).getByRole("button", { name: "Right" }).click();
    await asks("better", 5);
    await page.keyboard.type("Restart the hub.");
    await page.keyboard.press("Control+Enter");
    await asks("right", 1);
    await page.getByText("1 of 2", { exact: true }).locator("visible=true").first().waitFor();
    const { data } = await api<{ data: { name: string; kind: string; value: unknown; source: { type: string } }[] }>(`/traces/${traceId}/assessments`);
    const said = data.filter(({ source }) => source.type === "HUMAN").map(({ name, kind, value }) => [name, kind, value]);
    expect(said).toEqual(
      expect.arrayContaining([
        ["right", "feedback", true],
        ["missing", "feedback", ["a source", "a date"]],
        ["stars", "feedback", 4],
        ["percent", "feedback", 62.5],
        ["better", "expectation", "Restart the hub."],
      ]),
    );
    expect(errors).toEqual([]);
    await context.close();
  });

  test("whom a queue is for, its words and the wanted interval are changed on the page", async () => {
    await queue("For whom", { assignees: ["bob"] }, 3);
    const { page, context, errors } = await visit(browser);
    await named(context);
    await page.goto(`${server.url}/review?project=${project}`);
    const row = page.getByRole("listitem").filter({ has: page.getByRole("link", { name: "For whom" }) });
    await row.getByText("bob").waitFor();
    await row.getByRole("button", { name: "For whom: actions" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("menuitem", { name: "Change" }).focus();
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: "Change For whom" });
    await dialog.getByLabel("For (names with commas; empty: anybody)").fill("Ada, bob, Ada");
    await dialog.getByLabel("Wanted interval (± percent)").fill("90");
    expect(await dialog.getByRole("button", { name: "Save" }).isDisabled()).toBe(true);
    await dialog.getByLabel("Wanted interval (± percent)").fill("5");
    await expectAccessible(page);
    await page.keyboard.press("Enter");
    await dialog.waitFor({ state: "detached" });
    await row.getByText("Ada, bob").waitFor();
    await row.getByText(/±5%/).waitFor();
    await page.getByText("Assigned to me").click();
    await row.getByText("Ada, bob").waitFor();
    await row.getByRole("button", { name: "For whom: actions" }).click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    await page.getByRole("dialog", { name: "Delete For whom?" }).getByRole("button", { name: "Delete" }).click();
    await row.waitFor({ state: "detached" });
    expect(errors).toEqual([]);
    await context.close();
  });

  test.each(looks)("readable and whole: %s, %i pixels", async (theme, width) => {
    const id = await queue(`Tone ${theme} ${width}`, { answer: { kind: "categories", values: ["warm", "neutral", "cold", "rude"] }, assignees: ["ada"] }, 12);
    const { page, context, errors } = await visit(browser, { theme, width, height: width === 390 ? 844 : 900 });
    await named(context);
    await page.goto(`${server.url}/review?project=${project}`);
    await page.getByRole("link", { name: `Tone ${theme} ${width}` }).waitFor();
    await expectAccessible(page);
    await expectNoSidewaysScrolling(page);
    await photograph(`review-list-${theme}-${width}`);
    await page.goto(`${server.url}/review/${id}?project=${project}`);
    await page.getByRole("article", { name: "The trace" }).waitFor();
    await page.getByRole("button", { name: "rude" }).waitFor();
    await page.getByRole("button", { name: /Show what polite said/ }).click();
    await page.getByText(REASON).waitFor();
    await expectAccessible(page);
    await expectNoSidewaysScrolling(page);
    await photograph(`review-label-${theme}-${width}`);
    expect(errors).toEqual([]);
    await context.close();

    async function photograph(name: string): Promise<void> {
      const folder = process.env["SCREENSHOTS"];
      if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png` });
    }
  });

  async function queue(name: string, fields: object, count: number): Promise<string> {
    const { id } = await api<{ id: string }>("/review-queues", { name, project_id: project, label: "polite", ...fields });
    const window = { from: new Date(Date.now() - 90 * DAY_MS).toISOString(), to: new Date().toISOString() };
    await api(`/review-queues/${id}/items`, { sample: { count, ...window } });
    return id;
  }

  async function named(context: BrowserContext): Promise<void> {
    await context.addInitScript(`localStorage.setItem('telltale.author', '"Ada"')`);
  }
});

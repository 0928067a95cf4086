import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ScriptedProvider } from "../../apps/server/src/scoring/scripted-provider.testing.ts";
import { Client, until } from "../load/client.ts";
import { type RunningServer, startServer } from "../load/server.ts";
import { browserPath, expectAccessible, expectFocused, expectNoSidewaysScrolling, hasFocus, launch, sendDemoTraces, visit, looks } from "./browser.ts";
import { REFUSED, RIGHT_KEY, startJudgeServer } from "./judge-server.ts";

if (browserPath === undefined) console.warn("skipped: no Chromium or Chrome found (npm test installs it as root on Debian; or set CHROMIUM_PATH)");

/** Opens a menu and takes an item, by keyboard alone. */
async function choose(trigger: Locator, item: string): Promise<void> {
  const page = trigger.page();
  await trigger.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("menuitem", { name: item }).focus();
  await page.keyboard.press("Enter");
}

/** Presses Tab until the control has the focus: it can be reached, and comes after what has the focus now. */
async function tabTo(target: Locator): Promise<void> {
  const page = target.page();
  for (let presses = 0; presses < 40; presses += 1) {
    await page.keyboard.press("Tab");
    if (await hasFocus(target)) return;
  }
  throw new Error(`Tab does not reach ${String(target)}`);
}

describe.skipIf(browserPath === undefined)("providers and scorers in a real browser", () => {
  let server: RunningServer;
  let browser: Browser;
  let provider: ScriptedProvider;
  let client: Client;
  let project: string;
  beforeAll(async () => {
    [server, browser, provider] = await Promise.all([startServer(), launch(), startJudgeServer()]);
    client = new Client(server.url);
    await sendDemoTraces(client, "Shop", 60);
    project = await client.projectId("Shop");
  });
  afterAll(async () => {
    await browser.close();
    provider.close();
    await server.dispose();
  });

  const openNew = async (page: Page, kind: string): Promise<Locator> => {
    await page.goto(`${server.url}/scorers?project=${project}`);
    await page.getByRole("button", { name: "New scorer" }).first().click();
    const dialog = page.getByRole("dialog", { name: "New scorer" });
    await dialog.getByText(kind, { exact: true }).click();
    return dialog;
  };

  test("a provider is added, tested, changed and deleted by keyboard alone; its key never comes back", async () => {
    const { page, context, errors } = await visit(browser);
    await page.goto(`${server.url}/settings/providers`);
    await page.getByText("No judge has anyone to ask yet").waitFor();
    const add = page.getByRole("button", { name: "Add a provider" });
    await add.focus();
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: "Add a provider" });
    const name = dialog.getByLabel(/^Name/);
    await name.waitFor();
    await expectFocused(name);
    await page.keyboard.type("my judge");
    await page.keyboard.press("Enter");
    await dialog.getByRole("alert").getByText("letters, digits, dot, dash and underscore").waitFor();
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    await expectFocused(add);

    await page.keyboard.press("Enter");
    await name.waitFor();
    await dialog.getByRole("radio", { name: "OpenAI", exact: true }).focus();
    for (let step = 0; step < 3; step += 1) await page.keyboard.press("ArrowRight");
    expect(await dialog.getByRole("radio", { name: "OpenAI-compatible" }).isChecked()).toBe(true);
    await tabTo(name);
    await page.keyboard.type("local");
    await tabTo(dialog.getByLabel(/^Default model/));
    await page.keyboard.type("gpt-4o-mini");
    await page.keyboard.press("Enter");
    await dialog.getByRole("alert").getByText("An OpenAI-compatible server needs its address").waitFor();
    await dialog.getByLabel(/^Address/).focus();
    await page.keyboard.type(`${provider.url}/v1`);
    await tabTo(dialog.getByLabel(/^Key/));
    await page.keyboard.type("sk-wrong-key");
    await page.keyboard.press("Enter");
    await dialog.waitFor({ state: "detached" });
    await expectFocused(add);

    const list = page.getByRole("region", { name: "Providers of models" });
    await list.getByText("sk-…-key").waitFor();
    const check = page.getByRole("button", { name: "Test local" });
    await check.focus();
    await page.keyboard.press("Enter");
    await list
      .getByRole("status")
      .getByText(/private network; if that is meant, tick “Inside my network”/)
      .waitFor();
    const actions = page.getByRole("button", { name: "local: actions" });
    await choose(actions, "Change");
    const change = page.getByRole("dialog", { name: "Change local" });
    await tabTo(change.getByLabel(/^Inside my network/));
    await page.keyboard.press("Space");
    await page.keyboard.press("Enter");
    await change.waitFor({ state: "detached" });
    await expectFocused(actions);
    await check.click();
    await list.getByRole("status").getByText(REFUSED).waitFor();

    await choose(actions, "Change");
    await change.getByLabel(/^Key/).fill(RIGHT_KEY);
    await page.keyboard.press("Enter");
    await change.waitFor({ state: "detached" });
    await expectFocused(actions);
    await list.getByText("sk-…1234").waitFor();
    await check.click();
    await list
      .getByRole("status")
      .getByText(/answered in/)
      .waitFor();
    expect(await page.content()).not.toContain(RIGHT_KEY);

    await choose(actions, "Delete");
    await page.getByRole("dialog", { name: "Delete local?" }).waitFor();
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await expectFocused(actions);
    // The save that was refused for its address, and nothing else.
    expect(errors.filter((error) => !error.includes("400"))).toEqual([]);
    await context.close();
  });

  test("a built-in judge says first what it asks for, is tried on traces, saved and found on its page", async () => {
    const { page, context, errors } = await visit(browser, { theme: "dark" });
    const dialog = await openNew(page, "Built-in");
    await dialog.getByRole("button", { name: "Save and start" }).click();
    await dialog.getByRole("alert").getByText("Give it a name").waitFor();
    await dialog.getByLabel("What is scored").selectOption("RelevanceToQuery");
    expect(await dialog.getByLabel(/^Name/).inputValue()).toBe("relevance_to_query");
    await dialog.getByRole("button", { name: "Try on 20 traces" }).click();
    await dialog.getByText(/^\d\d scored/).waitFor();
    await dialog.getByText("It answers what was asked.").first().waitFor();
    await dialog
      .getByText(/per 1,000 traces/)
      .first()
      .waitFor();
    await expectAccessible(page);
    await dialog.getByLabel(/^Sampling/).fill("120");
    await dialog.getByRole("button", { name: "Save and start" }).click();
    await dialog.getByRole("alert").getByText("above 0 and up to 100%").waitFor();
    await dialog.getByLabel(/^Sampling/).fill("50");
    await dialog.getByLabel(/^Daily budget/).fill("5");
    await dialog.getByRole("combobox", { name: "Filter" }).fill("service = 'support-bot'");
    await dialog.getByRole("button", { name: "Save and start" }).click();
    await page.getByRole("heading", { name: "relevance_to_query" }).waitFor();
    await page.getByText("50% of the traces").waitFor();
    await page.getByText("service = 'support-bot'").waitFor();
    await page.getByText("$5.00 a day").waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });

  test("a judge of one's own answers in true or false, on a scale, or in one of several words", async () => {
    const { page, context, errors } = await visit(browser);
    const judges = [
      { name: "answered", answer: "True or false", verdict: "true" },
      { name: "completeness", answer: "A number", verdict: "4" },
      { name: "tone", answer: "One of several words", verdict: "polite" },
    ] as const;
    for (const { name, answer, verdict } of judges) {
      const dialog = await openNew(page, "My own judge");
      await dialog.getByLabel("Instructions").fill("How good is ");
      await dialog.getByRole("button", { name: "{{ outputs }}" }).click();
      expect(await dialog.getByLabel("Instructions").inputValue()).toBe("How good is {{ outputs }}");
      await expectFocused(dialog.getByLabel("Instructions"));
      await dialog.getByText(answer, { exact: true }).click();
      await dialog.getByLabel(/^Name/).fill(name);
      if (answer === "A number") {
        await dialog.getByLabel("Lowest").fill("9");
        await dialog.getByRole("button", { name: "Save only" }).click();
        await dialog.getByRole("alert").getByText("The lowest number must be below the highest").waitFor();
        await dialog.getByLabel("Lowest").fill("1");
      }
      if (answer === "One of several words") {
        await dialog.getByRole("button", { name: "Save only" }).click();
        await dialog.getByRole("alert").getByText("at least two words").waitFor();
        await dialog.getByLabel(/^Words/).fill("polite\nneutral\nrude");
      }
      await dialog.getByRole("button", { name: "Try on 20 traces" }).click();
      await dialog.getByRole("list", { name: "Verdicts" }).getByText(verdict, { exact: true }).first().waitFor();
      await dialog.getByRole("button", { name: "Save only" }).click();
      await page.getByRole("heading", { name, exact: true }).waitFor();
      await page.getByText("Stopped", { exact: true }).waitFor();
      await page.getByText("What the judge is told").click();
      await page.getByText("How good is {{ outputs }}").waitFor();
    }
    expect(errors).toEqual([]);
    await context.close();
  });

  test("a code scorer is written in the editor, its mistakes are shown by a try, and its scores appear on traces and in their list", async () => {
    const { page, context, errors } = await visit(browser);
    const dialog = await openNew(page, "Code");
    const code = dialog.getByLabel("Code of the scorer");
    await code.fill("function score(t) { return fetch('http://example.com') }");
    await dialog.getByRole("button", { name: "Try on 20 traces" }).click();
    await dialog.getByText(/fetch/).nth(1).waitFor();
    await dialog.getByText(/^0 scored · 20 failed/).waitFor();
    await code.fill("function score(t) { return { value: t.response.length > 0, rationale: 'looks at its length' } }");
    await dialog.getByText("changed since").waitFor();
    await dialog.getByRole("button", { name: "Try on 20 traces" }).click();
    await dialog.getByText("looks at its length").first().waitFor();
    await dialog.getByText(/free/).waitFor();
    await code.focus();
    await page.keyboard.press("Tab");
    await expectFocused(dialog.getByLabel(/^Name/));
    await page.keyboard.type("has_an_answer");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "has_an_answer" }).waitFor();

    await sendDemoTraces(client, "Shop", 10, 21);
    const found = await until(
      "new traces are scored",
      async () => {
        const { data } = await client.search({ project_ids: [project], filter: "feedback.has_an_answer = 'true'", limit: 5 });
        return data.length > 0 && data;
      },
      60_000,
    );
    await page.goto(`${server.url}/traces/${found[0]?.trace_id}?tab=feedback`);
    const card = page.getByRole("article").filter({ hasText: "has_an_answer" });
    await card.getByText("looks at its length").waitFor();
    await card.getByText(/version 1 · sampled at 100%/).waitFor();
    await page.goto(`${server.url}/traces?project=${project}&q=${encodeURIComponent("feedback.has_an_answer IS NOT NULL")}`);
    await page.getByText("has_an_answer").last().waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });

  test("a scorer is started with rate and filter, changed, stopped, scores the past after an estimate, and is deleted, all by keyboard", async () => {
    const { page, context, errors } = await visit(browser);
    await page.goto(`${server.url}/scorers/completeness?project=${project}`);
    const start = page.getByRole("button", { name: "Start", exact: true });
    await start.focus();
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: "Start completeness" });
    await dialog.getByLabel(/^Sampling/).fill("0");
    await page.keyboard.press("Enter");
    await dialog.getByRole("alert").getByText("above 0 and up to 100%").waitFor();
    await dialog.getByLabel(/^Sampling/).fill("25");
    await expectAccessible(page);
    await page.keyboard.press("Enter");
    await dialog.waitFor({ state: "detached" });
    await page.getByText("25% of the traces").waitFor();
    const more = page.getByRole("button", { name: "More", exact: true });

    await choose(more, "Sampling, filter, budget");
    const change = page.getByRole("dialog", { name: "How completeness runs" });
    await change.getByRole("combobox", { name: "Filter" }).fill("service = 'nobody'");
    await change.getByLabel(/^Daily budget/).fill("2");
    await page.keyboard.press("Enter");
    await change.waitFor({ state: "detached" });
    await expectFocused(more);
    await page.getByText("service = 'nobody'").waitFor();
    await choose(more, "Sampling, filter, budget");
    await change.getByRole("combobox", { name: "Filter" }).fill("");
    await change.getByLabel(/^Daily budget/).focus();
    await page.keyboard.press("Enter");
    await change.waitFor({ state: "detached" });

    await choose(more, "Score the past");
    const past = page.getByRole("dialog", { name: "Score the past with completeness" });
    await past.getByLabel(/^Share of them/).fill("none");
    await past.getByText("A share above 0 and up to 100%.").waitFor();
    await past.getByLabel(/^Share of them/).fill("100");
    await past.getByText("30 days").click();
    await past.getByText(/of \d+ traces that match/).waitFor();
    await past.getByText(/The cost is unknown/).waitFor();
    await expectAccessible(page);
    await past.getByRole("button", { name: "Score them" }).focus();
    await page.keyboard.press("Enter");
    await past.waitFor({ state: "detached" });
    const health = page.getByRole("region", { name: "Health" });
    await page.goto(`${server.url}/scorers/completeness?project=${project}&range=30d`);
    await health.getByRole("link", { name: /^Scored ?[1-9]/ }).waitFor({ timeout: 60_000 });
    await page.getByRole("region", { name: "Average over time" }).waitFor();

    await page.getByRole("button", { name: "Stop", exact: true }).click();
    await page.getByText("Stopped", { exact: true }).waitFor();
    await choose(more, "Delete");
    const remove = page.getByRole("dialog", { name: "Delete completeness?" });
    await remove.waitFor();
    await page.keyboard.press("Escape");
    await expectFocused(more);
    await choose(more, "Delete");
    await remove.getByRole("button", { name: "Delete" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Scorers", exact: true }).waitFor();
    await page.getByRole("link", { name: "tone" }).waitFor();
    expect(await page.getByRole("link", { name: "completeness" }).count()).toBe(0);
    expect(errors).toEqual([]);
    await context.close();
  });

  test.each(looks)("readable and whole: %s, %i pixels", async (theme, width) => {
    const { page, context, errors } = await visit(browser, { theme, width, height: 844 });
    await page.goto(`${server.url}/settings/providers`);
    await page.getByRole("button", { name: "Test local" }).waitFor();
    await expectAccessible(page);
    await expectNoSidewaysScrolling(page);
    await page.goto(`${server.url}/scorers?project=${project}`);
    await page.getByRole("link", { name: "has_an_answer" }).waitFor();
    await page.getByText("scored", { exact: true }).first().waitFor({ state: "attached" });
    await expectAccessible(page);
    await expectNoSidewaysScrolling(page);
    for (const kind of ["Built-in", "My own judge", "Code"]) {
      const dialog = await openNew(page, kind);
      await dialog.getByLabel(/^Name/).waitFor();
      await expectAccessible(page);
      await expectNoSidewaysScrolling(page);
    }
    await page.goto(`${server.url}/scorers/has_an_answer?project=${project}`);
    await page.getByRole("region", { name: "Scores over time" }).locator("canvas").waitFor();
    await expectAccessible(page);
    await expectNoSidewaysScrolling(page);
    expect(errors).toEqual([]);
    await context.close();
  });
});

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Client } from "../load/client.ts";
import { type RunningServer, startServer } from "../load/server.ts";
import { browserPath, expectAccessible, expectNoSidewaysScrolling, launch, sendTripWithFailedTool, visit, looks } from "./browser.ts";

describe.skipIf(browserPath === undefined)("label schemas in a real browser", () => {
  let server: RunningServer;
  let client: Client;
  let browser: Browser;
  let project: string;
  let traceId: string;
  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(), launch()]);
    client = new Client(server.url);
    traceId = await sendTripWithFailedTool(client, "Shop");
    project = await client.projectId("Shop");
  });
  afterAll(async () => {
    await browser.close();
    await server.dispose();
  });

  const openForm = async (page: Page) => {
    await page.goto(`${server.url}/traces/${traceId}?tab=feedback`);
    await page.getByRole("button", { name: "Add feedback" }).waitFor();
    await page.waitForLoadState("networkidle");
    await page.getByRole("button", { name: "Add feedback" }).click();
    return page.getByRole("form", { name: "New feedback" });
  };
  const labels = async () => (await client.trace(traceId)).assessments.map(({ name, kind, value }) => ({ name, kind, value }));

  test("a schema is made from the trace's feedback with the keyboard, asks there, and can be changed and deleted", async () => {
    const { page, context, errors } = await visit(browser);
    await page.goto(`${server.url}/traces/${traceId}?tab=feedback`);
    await page.getByRole("region", { name: "Feedback" }).getByRole("link", { name: "Label schemas" }).click();
    await page.getByText("every project has it").waitFor();
    expect(new URL(page.url()).searchParams.get("project")).toBe(project);

    await page.getByRole("button", { name: "New schema" }).focus();
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: "New label schema" });
    await dialog.getByLabel("Name").waitFor();
    await page.keyboard.type("correct");
    await page.keyboard.press("Tab");
    await page.keyboard.type("Is every fact right?");
    await dialog.getByLabel("Word for bad").fill("Pass");
    await page.keyboard.press("Enter");
    await dialog.getByRole("alert").getByText("The two buttons say the same").waitFor();
    await dialog.getByLabel("Word for bad").fill("Wrong");
    await expectAccessible(page);
    await page.keyboard.press("Enter");
    await page.getByText("Pass or Wrong").waitFor();

    const form = await openForm(page);
    await form.getByText("Is every fact right?").waitFor();
    await expectAccessible(page);
    await form.getByRole("button", { name: "Wrong" }).click();
    await form.getByLabel("Your name").fill("mara");
    await form.getByRole("button", { name: "Add" }).click();
    await expect.poll(labels).toEqual([{ name: "correct", kind: "feedback", value: false }]);
    await page.getByRole("button", { name: "Edit correct" }).click();
    const edit = page.getByRole("form", { name: "Edit feedback" });
    await edit.getByRole("button", { name: "Pass" }).click();
    await edit.getByRole("button", { name: "Save" }).click();
    await expect.poll(labels).toEqual([{ name: "correct", kind: "feedback", value: true }]);

    await page.goto(`${server.url}/settings/labels?project=${project}`);
    await page.getByRole("button", { name: "correct: actions" }).click();
    await page.getByRole("menuitem", { name: "Change" }).click();
    await page.getByRole("dialog").getByLabel("Word for good").fill("Right");
    await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
    await page.getByText("Right or Wrong").waitFor();
    await page.getByRole("button", { name: "correct: actions" }).click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await page.getByText("Right or Wrong").waitFor({ state: "detached" });
    expect(errors).toEqual([]);
    await context.close();
  });

  test("categories, numbers and texts are asked as the project wants them", async () => {
    const make = async (body: object) => client.post("/api/v1/label-schemas", { project_id: project, ...body });
    await make({ name: "tone", input: { kind: "categorical", options: ["kind", "rude"] } });
    await make({ name: "faults", input: { kind: "categorical", options: ["slow", "wrong", "long"], multi_select: true } });
    await make({ name: "stars", input: { kind: "numeric", min: 1, max: 5 }, instruction: "How good is it?" });
    await make({ name: "percent", input: { kind: "numeric", min: 0, max: 100 } });
    await make({ name: "answer", type: "expectation", input: { kind: "text" }, enable_comment: true });
    const { page, context, errors } = await visit(browser);
    const answer = async (name: string, give: (form: ReturnType<Page["getByRole"]>) => Promise<unknown>) => {
      const form = await openForm(page);
      await form.getByText(name, { exact: true }).first().click();
      await give(form);
      await form.getByRole("button", { name: "Add" }).click();
      await form.waitFor({ state: "detached" });
    };
    await answer("tone", (form) => form.getByRole("button", { name: "rude" }).click());
    await answer("faults", async (form) => {
      await form.getByRole("button", { name: "long" }).click();
      await form.getByRole("button", { name: "slow" }).click();
    });
    await answer("stars", async (form) => {
      await form.getByRole("button", { name: "3", exact: true }).click();
      await form.getByRole("button", { name: "4", exact: true }).click();
      expect(await form.getByRole("button", { pressed: true }).allTextContents()).toEqual(["4"]);
    });
    await answer("percent", async (form) => {
      const number = form.getByRole("textbox", { name: "percent" });
      await number.fill("101");
      await form.getByRole("alert").getByText("It takes a number from 0 to 100").waitFor();
      expect(await form.getByRole("button", { name: "Add" }).isDisabled()).toBe(true);
      await number.fill("62.5");
    });
    await answer("answer", (form) => form.getByRole("textbox", { name: "answer" }).fill("Fly on Monday"));
    await expect
      .poll(async () => (await labels()).filter(({ name }) => name !== "correct").sort((a, b) => a.name.localeCompare(b.name)))
      .toEqual([
        { name: "answer", kind: "expectation", value: "Fly on Monday" },
        { name: "faults", kind: "feedback", value: ["slow", "long"] },
        { name: "percent", kind: "feedback", value: 62.5 },
        { name: "stars", kind: "feedback", value: 4 },
        { name: "tone", kind: "feedback", value: "rude" },
      ]);
    expect(errors).toEqual([]);
    await context.close();
  });

  test.each(looks)("readable and whole: %s, %i pixels", async (theme, width) => {
    const { page, context, errors } = await visit(browser, { theme, width, height: 844 });
    await page.goto(`${server.url}/settings/labels`);
    await page.getByLabel("Project").last().selectOption({ label: "Shop" });
    await page.getByText("How good is it?").waitFor();
    await expectAccessible(page);
    await expectNoSidewaysScrolling(page);
    await page.getByRole("button", { name: "New schema" }).click();
    await page.getByRole("dialog").getByText("Categories").click();
    await expectAccessible(page);
    const form = await openForm(page);
    await form.getByText("faults").first().click();
    await form.getByRole("button", { name: "long" }).waitFor();
    await expectAccessible(page);
    await expectNoSidewaysScrolling(page);
    expect(errors).toEqual([]);
    await context.close();
  });
});

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ScriptedProvider } from "../../apps/server/src/scoring/scripted-provider.testing.ts";
import { Client, until } from "../load/client.ts";
import { type RunningServer, startServer } from "../load/server.ts";
import { browserPath, expectAccessible, expectNoSidewaysScrolling, launch, sendDemoTraces, visit, looks } from "./browser.ts";
import { REFUSED, RIGHT_KEY, startJudgeServer } from "./judge-server.ts";

if (browserPath === undefined) console.warn("skipped: no Chromium or Chrome found (npm test installs it as root on Debian; or set CHROMIUM_PATH)");

const LABELS = 40;

describe.skipIf(browserPath === undefined)("quality and diagnostics in a real browser", () => {
  let server: RunningServer;
  let browser: Browser;
  let provider: ScriptedProvider;
  let client: Client;
  let project: string;
  let scored: string[];
  const scorer = async (name: string, definition: object, projectId = project): Promise<void> => {
    await client.post("/api/v1/scorers", { name, project_id: projectId, definition });
    await client.post(`/api/v1/scorers/${name}/start?project_id=${projectId}`, {});
  };
  const addProvider = async (name: string, url: string, key: string): Promise<void> => {
    const where = { name, kind: "openai_compatible", base_url: `${url}/v1`, default_model: "gpt-4o-mini", allow_private_address: true };
    await client.post("/api/v1/providers", { ...where, api_key: key });
  };
  beforeAll(async () => {
    const away = await startJudgeServer();
    [server, browser, provider] = await Promise.all([startServer(), launch(), startJudgeServer()]);
    client = new Client(server.url);
    ({ id: project } = await client.post<{ id: string }>("/api/v1/projects", { name: "Shop" }));
    await addProvider("good", provider.url, RIGHT_KEY);
    await addProvider("refuses", provider.url, "sk-another");
    await addProvider("away", away.url, RIGHT_KEY);
    away.close();
    const judge = { kind: "judge", instructions: "Is {{ outputs }} right?" };
    await scorer("right", { ...judge, model: "gateway:/good" });
    await scorer("stars", { ...judge, model: "gateway:/good", answer: { kind: "number", min: 1, max: 5 } });
    await scorer("without_a_key", { ...judge, model: "gateway:/refuses" });
    await scorer("without_a_model", { ...judge, model: "gateway:/away" });
    await sendDemoTraces(client, "Shop", 300);
    scored = await until(
      "the traces are scored",
      async () => {
        const { data } = await client.search({ project_ids: [project], filter: "feedback.right = 'true' AND feedback.stars IS NOT NULL", limit: LABELS + 1 });
        return data.length > LABELS && data.map(({ trace_id: id }) => id);
      },
      90_000,
    );
  });
  afterAll(async () => {
    await browser.close();
    provider.close();
    await server.dispose();
  });

  test("a rate is raw until people say what is right; then it is corrected, with its interval and their agreement", async () => {
    const { page, context, errors } = await visit(browser, { height: 1600 });
    await page.goto(`${server.url}/quality?project=${project}&range=30d`);
    const rates = page.getByRole("region", { name: "Pass rates" });
    const row = rates.getByRole("listitem").filter({ has: page.getByRole("link", { name: "right", exact: true }) });
    await row.getByText("100% raw").waitFor();
    await row.getByText("– corrected").waitFor();
    // Four stars of five are more than the middle of the scale.
    await rates
      .getByRole("listitem")
      .filter({ has: page.getByRole("link", { name: "stars" }) })
      .getByText("100% raw")
      .waitFor();

    const [first = "", ...others] = scored;
    await page.goto(`${server.url}/traces/${first}?tab=feedback`);
    await page.getByRole("button", { name: "Add feedback" }).focus();
    await page.keyboard.press("Enter");
    const form = page.getByRole("form", { name: "New feedback" });
    await form.getByRole("textbox", { name: "Name", exact: true }).fill("right");
    await form.getByRole("button", { name: "Bad" }).focus();
    await page.keyboard.press("Space");
    await form.getByRole("textbox", { name: "Your name" }).fill("mara");
    await page.keyboard.press("Enter");
    await page.getByText("Human, mara").waitFor();
    for (const [index, id] of others.slice(0, LABELS - 1).entries()) {
      await client.post(`/api/v1/traces/${id}/assessments`, { name: "right", value: index % 4 !== 0, source: { type: "HUMAN", id: "mara" } });
    }
    await page.goto(`${server.url}/quality?project=${project}&range=30d`);
    await row.getByText(`${LABELS} labels`).waitFor();
    await row.getByText(/^\d[\d.]*% corrected$/).waitFor();
    await row.getByText(/% – .*% interval/).waitFor();
    await row.getByRole("link", { name: "right", exact: true }).click();
    await page.getByText(new RegExp(`${LABELS} labelled by people`)).waitFor();
    await page.getByText("Newest traces on which they differ").waitFor();
    await page.getByRole("list", { name: "Disagreements" }).getByRole("link").first().click();
    await page.getByText("Human, mara").waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });

  test("a provider that refuses its key pauses the scorer, one that is away makes it wait; neither gives a score", async () => {
    const { page, context, errors } = await visit(browser, { theme: "dark" });
    await page.goto(`${server.url}/scorers?project=${project}`);
    await page.getByText(`The key is refused: gateway:/refuses: ${REFUSED}`).waitFor();
    await page.getByText(/traces? waits?: the provider was not available/).waitFor();
    await page.goto(`${server.url}/scorers/without_a_key?project=${project}`);
    await page.getByText("Paused", { exact: true }).waitFor();
    await page
      .getByRole("status")
      .getByText(/The key is refused.*Nothing is lost: start it again when it is mended/)
      .waitFor();
    await expectAccessible(page);
    await page.goto(`${server.url}/scorers/without_a_model?project=${project}`);
    await page.getByText("Running", { exact: true }).waitFor();
    await page
      .getByRole("status")
      .getByText(/wait: the provider was not available.*none counts as a score/)
      .waitFor();
    await page.goto(`${server.url}/quality?project=${project}&range=30d`);
    for (const name of ["without_a_key", "without_a_model"]) {
      const row = page.getByRole("listitem").filter({ has: page.getByRole("link", { name }) });
      await row.getByText("It judged nothing in this window.").waitFor();
    }
    const { data } = await client.search({
      project_ids: [project],
      filter: "feedback.without_a_key IS NOT NULL OR feedback.without_a_model IS NOT NULL",
      limit: 1,
    });
    expect(data).toEqual([]);
    expect(errors).toEqual([]);
    await context.close();
  });

  test("what agents waste leads from the sum to the traces, and from the trace to the spans", async () => {
    const { page, context, errors } = await visit(browser, { height: 1600 });
    await page.goto(`${server.url}/quality?project=${project}&range=30d`);
    const panel = page.getByRole("region", { name: "Agent diagnostics" });
    const row = panel.getByRole("row").filter({ has: page.getByRole("link", { name: "Loop" }) });
    await row
      .getByText(/\d (s|m)/)
      .first()
      .waitFor();
    await row.getByText(/\$\d/).waitFor();
    const count = Number(await row.getByRole("cell").first().textContent());
    expect(count).toBeGreaterThan(0);
    await row.getByRole("link").click();
    await page.getByText(new RegExp(`^${count} traces?$`)).waitFor();
    expect(page.url()).toContain("diagnostic");
    await page.goBack();
    await panel.getByRole("combobox", { name: "Add up" }).selectOption("tool");
    await panel.getByRole("link", { name: "read_file" }).waitFor();

    const { data } = await client.search({ project_ids: [project], filter: "diagnostic = 'loop'", limit: 1 });
    await page.goto(`${server.url}/traces/${data[0]?.trace_id}`);
    const finding = page.getByRole("region", { name: "Diagnostics" }).getByRole("button", { name: /^Error Loop/ });
    await finding.getByText(/s wasted$/).waitFor();
    await finding.getByText(/^\$.* wasted$/).waitFor();
    await finding.focus();
    await page.keyboard.press("Enter");
    expect(await finding.getAttribute("aria-pressed")).toBe("true");
    expect(new URL(page.url()).searchParams.get("finding")).toMatch(/^loop-/);
    await expectAccessible(page);
    expect(errors).toEqual([]);
    await context.close();
  });

  test("a long list of scorers is shown page by page", async () => {
    const { id } = await client.post<{ id: string }>("/api/v1/projects", { name: "Many" });
    for (let n = 0; n < 35; n += 1)
      await scorer(`s${String(n).padStart(2, "0")}`, { kind: "builtin", class: "ResponseLength", parameters: { max_length: 9 } }, id);
    const { page, context, errors } = await visit(browser);
    for (const path of ["quality", "scorers"]) {
      await page.goto(`${server.url}/${path}?project=${id}`);
      await page.getByRole("link", { name: "s29" }).waitFor();
      await page.getByText("5 more scorers").waitFor();
      expect(await page.getByRole("link", { name: "s30" }).count()).toBe(0);
      await page.getByRole("button", { name: "Show more" }).click();
      await page.getByRole("link", { name: "s34" }).waitFor();
      expect(await page.getByRole("button", { name: "Show more" }).count()).toBe(0);
    }
    expect(errors).toEqual([]);
    await context.close();
  });

  test.each(looks)("readable and whole: %s, %i pixels", async (theme, width) => {
    const { page, context, errors } = await visit(browser, { theme, width, height: 844 });
    await page.goto(`${server.url}/quality?project=${project}&range=30d`);
    await page.getByText("interval", { exact: true }).first().waitFor({ state: "attached" });
    await page.getByRole("link", { name: "Loop" }).waitFor({ state: "attached" });
    await expectAccessible(page);
    await expectNoSidewaysScrolling(page);
    await page.goto(`${server.url}/scorers/right?project=${project}`);
    await page.getByRole("region", { name: "Pass rate" }).locator("canvas").waitFor();
    await page.getByText("Cohen’s kappa").waitFor({ state: "attached" });
    await expectAccessible(page);
    await expectNoSidewaysScrolling(page);
    const { data } = await client.search({ project_ids: [project], filter: "diagnostic = 'loop'", limit: 1 });
    await page.goto(`${server.url}/traces/${data[0]?.trace_id}?tab=feedback`);
    await page.getByRole("article").first().waitFor();
    await expectAccessible(page);
    await expectNoSidewaysScrolling(page);
    expect(errors).toEqual([]);
    await context.close();
  });
});

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Reply, ScriptedProvider } from "../../apps/server/src/scoring/scripted-provider.testing.ts";
import { Client } from "../load/client.ts";
import { type RunningServer, startServer } from "../load/server.ts";
import { browserPath, expectAccessible, expectNoSidewaysScrolling, launch, visit } from "./browser.ts";

if (browserPath === undefined) console.warn("skipped: no Chromium or Chrome found (npm test installs it as root on Debian; or set CHROMIUM_PATH)");

const GUIDELINE = "A curt answer is not kind.";
const LABELS = 80;

describe.skipIf(browserPath === undefined)("alignment in a real browser", () => {
  const provider = new ScriptedProvider();
  let server: RunningServer;
  let browser: Browser;
  let project = "";
  /** How many curt answers the judge still fails when it knows the guideline. */
  let mends = 0;

  beforeAll(async () => {
    await provider.start();
    [server, browser] = await Promise.all([startServer(), launch()]);
    provider.answerWith(({ text, body }): Reply => {
      if (text.includes("You improve a judge")) return { text: JSON.stringify({ guidelines: [GUIDELINE] }) };
      const judged = JSON.stringify(body["messages"]);
      const isCurt = judged.slice(judged.lastIndexOf("BEGIN ")).includes("curt");
      const fails = text.includes(GUIDELINE) && isCurt && mends-- > 0;
      return { text: JSON.stringify({ rationale: "because", value: !fails }) };
    });
    const client = new Client(server.url);
    const ids = Array.from({ length: LABELS }, (_, n) => (n + 1).toString(16).padStart(32, "a"));
    const startNs = BigInt(Date.now() - 60_000) * 1_000_000n;
    const spans = ids.map((traceId, n) => ({
      traceId,
      spanId: "00000000000000aa",
      name: "ask",
      startTimeUnixNano: String(startNs),
      endTimeUnixNano: String(startNs + 1_000_000n),
      attributes: Object.entries({
        "openinference.span.kind": "CHAIN",
        "input.value": `question ${n}`,
        "output.value": n % 2 === 0 ? `curt ${n}` : `gladly ${n}`,
      }).map(([key, value]) => ({ key, value: { stringValue: value } })),
    }));
    expect((await client.send(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }), { "x-telltale-project": "Help" })).status).toBe(200);
    project = await client.projectId("Help");
    await post("/providers", { name: "openai", kind: "openai", base_url: `${provider.url}/v1`, api_key: "sk-test", default_model: "gpt-4o-mini", allow_private_address: true, is_default: true }); // prettier-ignore
    for (const name of ["kind", "gentle"]) {
      await post("/scorers", { name, project_id: project, definition: { kind: "judge", instructions: "Is {{outputs}} kind?", answer: { kind: "boolean" } } });
      for (const [n, id] of ids.entries()) await post(`/traces/${id}/assessments`, { name, value: n % 2 === 1, source: { type: "HUMAN", id: "ann" } });
    }
  });
  afterAll(async () => {
    await browser.close();
    await server.dispose();
    provider.close();
  });

  async function post(path: string, body: unknown): Promise<void> {
    const answer = await fetch(`${server.url}/api/v1${path}`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
    expect(answer.status, `${path}: ${await answer.text()}`).toBeLessThan(300);
  }

  test("a judge is aligned, its guidelines and both versions are shown, and it goes live", async () => {
    mends = Infinity;
    const { page, context, errors } = await visit(browser);
    await page.goto(`${server.url}/scorers/kind?project=${project}`);
    const panel = page.getByRole("region", { name: "Alignment with people" });
    await panel.getByText(/proves itself on the other/).waitFor();
    await panel.getByRole("button", { name: "Align" }).click();
    await panel.getByText("Version 2 is live").waitFor({ timeout: 60_000 });
    await panel.getByText(GUIDELINE).waitFor();
    expect(await panel.getByRole("row", { name: /Agrees with people/ }).textContent()).toContain("100%");
    await page.getByText("version 2", { exact: true }).first().waitFor();
    const anchors = page.getByRole("region", { name: "Anchors" });
    await anchors.getByRole("button", { name: "Freeze labelled traces" }).click();
    await anchors.getByText("80 frozen traces").waitFor();
    await anchors.getByText("Agrees with people on 100%").waitFor({ timeout: 60_000 });
    mends = 0;
    await anchors.getByRole("button", { name: "Run now" }).click();
    await anchors.getByText("Agrees with people on 50%").waitFor({ timeout: 60_000 });
    await anchors.getByRole("application", { name: "Agreement on anchors over time" }).waitFor();
    await expectAccessible(page);
    expect(errors).toEqual([]);
    await context.close();
  });

  test("what cannot surely do better runs in the shadow until somebody promotes it, also on a phone and in the dark", async () => {
    mends = 2;
    const { page, context, errors } = await visit(browser, { theme: "dark", width: 390, height: 844 });
    await page.goto(`${server.url}/scorers/gentle?project=${project}`);
    const panel = page.getByRole("region", { name: "Alignment with people" });
    await panel.getByRole("button", { name: "Align" }).click();
    await panel.getByText("Version 2 runs in the shadow").waitFor({ timeout: 60_000 });
    await panel.getByText(/rises on held-back labels, but not surely: 2 verdicts mended, 0 broken/).waitFor();
    await panel.getByText(/its scores count nowhere/).waitFor();
    await expectAccessible(page);
    await expectNoSidewaysScrolling(page);
    await panel.getByRole("button", { name: "Promote" }).click();
    await panel.getByText("Version 2 is live").waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });
});

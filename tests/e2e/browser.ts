import { AxeBuilder } from "@axe-core/playwright";
import { type Browser, type BrowserContext, type Locator, type Page, chromium } from "playwright-core";
import { expect } from "vitest";
import { generateTraces } from "../../apps/server/src/demo/generate.ts";
import { exportRequest } from "../../apps/server/src/demo/otlp-json.ts";
import { chromiumPath } from "../../scripts/chromium.mjs";
import type { Client } from "../load/client.ts";

export const browserPath = chromiumPath();

export async function launch(): Promise<Browser> {
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : []; // Chromium's sandbox refuses to run as root
  return await chromium.launch({ ...(browserPath === undefined ? {} : { executablePath: browserPath }), args });
}

/** Theme and width in which every page is to be seen. */
export const looks = [
  ["light", 1440],
  ["dark", 1440],
  ["light", 390],
  ["dark", 390],
] as const;

export interface Visit {
  page: Page;
  context: BrowserContext;
  /** Errors of the page's scripts and console, and answers with 5xx, since it was opened. */
  errors: string[];
}

/** A fresh browser profile. Everything that goes wrong in the page is collected. */
export async function visit(browser: Browser, options: { theme?: "light" | "dark"; width?: number; height?: number } = {}): Promise<Visit> {
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1360, height: options.height ?? 900 },
    colorScheme: options.theme ?? "light",
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("response", (response) => response.status() >= 500 && errors.push(`${response.status()} ${response.url()}`));
  return { page, context, errors };
}

/** Nothing serious or critical by axe's rules (WCAG 2 A and AA). */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]).analyze();
  const bad = violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(
      ({ id, help, nodes }) =>
        `${id}: ${help}; ${nodes
          .map(({ target, failureSummary }) => `${target.join(" ")} ${failureSummary ?? ""}`)
          .slice(0, 3)
          .join(" | ")}`,
    );
  expect(bad).toEqual([]);
}

/** The control has the keyboard's focus, at once or in a moment. */
export async function expectFocused(target: Locator): Promise<void> {
  await expect.poll(() => hasFocus(target), { message: `${String(target)} has the focus` }).toBe(true);
}

export async function hasFocus(target: Locator): Promise<boolean> {
  return await target.evaluate((node) => node === (globalThis as { document?: { activeElement: unknown } }).document?.activeElement);
}

/** Neither the document nor the part of the page that scrolls is wider than what is seen of it. */
export async function expectNoSidewaysScrolling(page: Page): Promise<void> {
  const wide = await page.evaluate<string[]>(
    `[document.documentElement, ...document.querySelectorAll('main > [role="region"]')]
      .filter((node) => node.scrollWidth > node.clientWidth)
      .map((node) => (node.getAttribute("aria-label") ?? node.tagName) + ": " + node.scrollWidth + " > " + node.clientWidth)`,
  );
  expect(wide).toEqual([]);
}

/** Traces of the demo's applications in a project, sent as an application would. Returns how many. */
export async function sendDemoTraces(client: Client, project: string, count: number, seed = 7): Promise<number> {
  const traces = [...generateTraces({ traces: count, endMs: Date.now(), seed })];
  for (let at = 0; at < traces.length; at += 50) {
    const body = exportRequest(traces.slice(at, at + 50).flatMap(({ spans }) => spans)).toString();
    const answer = await client.send(body, { "x-telltale-project": project });
    expect(answer.status, answer.text).toBe(200);
  }
  return traces.length;
}

/** One trip of the demo whose flight search failed once. Returns its id. */
export async function sendTripWithFailedTool(client: Client, project: string): Promise<string> {
  for (const { traceId, spans } of generateTraces({ traces: 3000, endMs: Date.now(), seed: 7 })) {
    if (!spans.some(({ name, error }) => name === "execute_tool search_flights" && error !== undefined)) continue;
    const answer = await client.send(exportRequest(spans).toString(), { "x-telltale-project": project });
    expect(answer.status, answer.text).toBe(200);
    return traceId;
  }
  throw new Error("no trip of the demo has a failed flight search");
}

/** Where something lies when the page around it has come to rest: the same place in three looks. */
export async function settledBox(target: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  let last = "";
  for (let same = 0, look = 0; look < 100; look += 1) {
    const box = await target.boundingBox();
    const text = JSON.stringify(box);
    same = box !== null && text === last ? same + 1 : 0;
    if (box !== null && same >= 2) return box;
    last = text;
    await target.page().waitForTimeout(150);
  }
  throw new Error("it never came to rest");
}

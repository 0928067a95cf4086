import type { Browser, BrowserContext, Page } from "playwright-core";
import { visit } from "../e2e/browser.ts";
import { until } from "../load/client.ts";
import { quantile } from "./report.ts";

/** What a page tells about itself, in milliseconds since its navigation (or the click) began. */
export interface Opened {
  /** The frame after the first one that shows what was waited for. */
  drawnMs: number;
  /** The longest task of the main thread from there to a second after; 0 when none took 50 ms. */
  longestTaskMs: number;
  page: Page;
  close: () => Promise<void>;
}

/** Put into the page before its own scripts: long tasks (50 ms and more), and a way to learn when something is drawn. */
const INSTRUMENTS = `{
  window.benchTasks = [];
  new PerformanceObserver((list) => window.benchTasks.push(...list.getEntries())).observe({ type: "longtask", buffered: true });
  window.benchWait = (selector) => {
    window.benchDrawn = undefined;
    const look = () => {
      if (document.querySelector(selector) === null) requestAnimationFrame(look);
      else requestAnimationFrame(() => (window.benchDrawn = performance.now()));
    };
    requestAnimationFrame(look);
  };
}`;

/** Opens an address in a fresh profile, so that nothing comes from a cache, and waits for `selector`. */
export async function openPage(browser: Browser, url: string, selector: string): Promise<Opened> {
  const { page, context, errors } = await visit(browser);
  await page.addInitScript(`${INSTRUMENTS} window.benchWait(${JSON.stringify(selector)});`);
  await page.goto(url, { waitUntil: "commit" });
  return await whenDrawn(page, context, errors, selector, 0);
}

/** Opens one address, waits for a link there, and follows it as a click does. */
export async function clickThrough(browser: Browser, url: string, link: string, selector: string): Promise<Opened> {
  const { page, context, errors } = await visit(browser);
  await page.addInitScript(INSTRUMENTS);
  await page.goto(url);
  await page.locator(link).first().waitFor();
  await page.waitForTimeout(1000);
  const since = await page.evaluate<number>(
    `(() => { const now = performance.now(); window.benchWait(${JSON.stringify(selector)}); document.querySelector(${JSON.stringify(link)}).click(); return now; })()`,
  );
  return await whenDrawn(page, context, errors, selector, since);
}

async function whenDrawn(page: Page, context: BrowserContext, errors: readonly string[], selector: string, sinceMs: number): Promise<Opened> {
  // Asked as a whole and again: the policy of the page lets no predicate be made there.
  const drawnMs = await until(`${selector} drawn`, () => page.evaluate<number | undefined>("window.benchDrawn"), 60_000);
  await page.waitForTimeout(1000);
  const longestTaskMs = await longestTask(page, sinceMs);
  if (errors.length > 0) throw new Error(`the page failed: ${errors.join("; ")}`);
  return { page, close: () => context.close(), drawnMs: drawnMs - sinceMs, longestTaskMs };
}

async function longestTask(page: Page, sinceMs: number): Promise<number> {
  return await page.evaluate<number>(`Math.max(0, ...window.benchTasks.filter(({ startTime }) => startTime >= ${sinceMs}).map(({ duration }) => duration))`);
}

export interface Frames {
  count: number;
  perSecond: number;
  p95Ms: number;
  longestMs: number;
  /** Frames that came later than one and a half times a sixtieth of a second. */
  late: number;
}

const LATE_MS = 25;

/** Scrolls as a wheel does, on the compositor, and tells the frames that the main thread made meanwhile. */
export async function framesWhileScrolling(page: Page, selector: string, { distance, speed }: { distance: number; speed: number }): Promise<Frames> {
  const box = await page.locator(selector).boundingBox();
  if (box === null) throw new Error(`nothing to scroll: ${selector}`);
  const devtools = await page.context().newCDPSession(page);
  await page.evaluate(`{
    const frames = (window.benchFrames = []);
    const next = (at) => {
      if (window.benchFrames !== frames) return;
      frames.push(at);
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  }`);
  await devtools.send("Input.synthesizeScrollGesture", {
    x: box.x + box.width / 2,
    y: box.y + box.height / 2,
    yDistance: -distance,
    speed,
    gestureSourceType: "mouse",
  });
  const frames = await page.evaluate<number[]>("(() => { const frames = window.benchFrames; window.benchFrames = undefined; return frames; })()");
  await devtools.detach();
  const gaps = frames.slice(1).map((at, index) => at - (frames[index] ?? at));
  const seconds = ((frames.at(-1) ?? 0) - (frames[0] ?? 0)) / 1000;
  return {
    count: gaps.length,
    perSecond: gaps.length / seconds,
    p95Ms: quantile(gaps, 0.95),
    longestMs: Math.max(...gaps),
    late: gaps.filter((gap) => gap > LATE_MS).length,
  };
}

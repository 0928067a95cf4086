import { browserPath, launch } from "../e2e/browser.ts";
import { Client } from "../load/client.ts";
import { startServer } from "../load/server.ts";
import { sendBigSpan, sendLargeTrace } from "./large-trace-data.ts";
import { clickThrough, framesWhileScrolling, openPage, type Opened } from "./page-timing.ts";
import { type Figure, quantile, report } from "./report.ts";

// A trace of 50,000 spans and a span of 20 MB in a real Chromium: until they are drawn, and what holds up the page.
if (browserPath === undefined) {
  console.log("large-trace-page: skipped, no Chromium or Chrome found");
  process.exit(0);
}
const ROW = '[role="treeitem"]';
const LIST = '[role="region"][aria-label="Spans"]';
/** Once the first part of the text is on the screen, with the offer of more. */
const LONG_TEXT = "#pane-panel .whitespace-pre-wrap";
const RUNS = 5;
/** Pixels per second: reading, searching, flinging. */
const SPEEDS = [800, 3_000, 10_000];

const server = await startServer();
const client = new Client(server.url);
const large = await sendLargeTrace(client);
const big = await sendBigSpan(client);
const browser = await launch();
const figures: Figure[] = [];
const told = (what: string, value: number, unit: string, limit: number, better: Figure["better"] = "lower"): void =>
  void figures.push({ what, value, unit, against: { what: "the limit", value: limit }, better });

const runs: Opened[] = [];
for (let run = 0; run < RUNS; run += 1) {
  const opened = await openPage(browser, `${server.url}/traces/${large.traceId}`, ROW);
  runs.push(opened);
  await opened.close();
}
told("opened, empty profile: drawn (median)", median(runs.map((run) => run.drawnMs)), "ms", 1000);
told("opened, empty profile: longest task", Math.max(...runs.map((run) => run.longestTaskMs)), "ms", 300);

const fromList = await clickThrough(browser, `${server.url}/traces`, `a[href*="${large.traceId}"]`, ROW);
told("opened from the list: drawn", fromList.drawnMs, "ms", 1000);
await fromList.close();

const { page, close } = await openPage(browser, `${server.url}/traces/${large.traceId}`, ROW);
for (const speed of SPEEDS) {
  const frames = await framesWhileScrolling(page, LIST, { distance: speed * 4, speed });
  told(`scrolled at ${speed} px/s: frames (${frames.late} of ${frames.count} late)`, frames.perSecond, "a second", 58, "higher");
  told(`scrolled at ${speed} px/s: longest frame`, frames.longestMs, "ms", 50);
}
await close();

const bigRuns: Opened[] = [];
for (let run = 0; run < 3; run += 1) {
  const opened = await openPage(browser, `${server.url}/traces/${big.traceId}`, LONG_TEXT);
  bigRuns.push(opened);
  await opened.close();
}
told("20 MB span: its text drawn (median)", median(bigRuns.map((run) => run.drawnMs)), "ms", 2000);
told("20 MB span: longest task", Math.max(...bigRuns.map((run) => run.longestTaskMs)), "ms", 200);

await browser.close();
await server.dispose();
process.exit(report("Large trace in Chromium", figures) ? 0 : 1);

function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

import type { TraceColumns, TraceDetail } from "@telltale/model/api";
import { Client } from "../load/client.ts";
import { startServer } from "../load/server.ts";
import { sendBigSpan, sendLargeTrace, SPANS } from "./large-trace-data.ts";
import { report } from "./report.ts";

// A trace of 50,000 spans, and a span of 20 MB: sent, stored, read back. How they are shown: large-trace-page.ts.
const server = await startServer();
const client = new Client(server.url);
const trace = await sendLargeTrace(client);
const url = `/api/v1/traces/${trace.traceId}`;

const columnsMs = await bestOf(5, async () => expectAll((await client.get<TraceColumns>(`${url}?columns=true`)).columns.span_id));
const openMs = await bestOf(5, async () => expectAll((await client.get<TraceDetail>(url)).spans));
const oneSpanMs = await bestOf(5, async () => void (await client.get(`${url}/spans/${trace.spanIds[SPANS / 2] ?? ""}`)));

const big = await sendBigSpan(client);
const bigOpenMs = await bestOf(3, async () => void (await client.get(`/api/v1/traces/${big.traceId}/spans/${big.spanIds[0] ?? ""}`)));
await server.dispose();

const limit = (value: number) => ({ against: { what: "the limit", value }, better: "lower" as const });
const kept = report("Large trace", [
  { what: "50,000 spans: from first request to readable", value: trace.storedMs, unit: "ms", ...limit(60_000) },
  { what: "50,000 spans: what the page reads", value: columnsMs, unit: "ms", ...limit(500) },
  { what: "50,000 spans: every field of each, as JSON", value: openMs, unit: "ms", ...limit(1000) },
  { what: "50,000 spans: open one span", value: oneSpanMs, unit: "ms", ...limit(300) },
  { what: "20 MB span: from request to readable", value: big.storedMs, unit: "ms", ...limit(10_000) },
  { what: "20 MB span: open it", value: bigOpenMs, unit: "ms", ...limit(2000) },
]);
process.exit(kept ? 0 : 1);

function expectAll(spans: readonly unknown[]): void {
  if (spans.length !== SPANS) throw new Error(`${spans.length} spans`);
}

async function bestOf(rounds: number, act: () => Promise<void>): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round += 1) {
    const startedMs = performance.now();
    await act();
    best = Math.min(best, performance.now() - startedMs);
  }
  return best;
}

import type { TraceDetail } from "@telltale/model/api";
import { Client, until } from "../load/client.ts";
import { startServer } from "../load/server.ts";
import { encodeSpans, makeTrace, text } from "../load/spans.ts";
import { report } from "./report.ts";

// A trace of 50,000 spans, and a span of 20 MB: sent, stored, read back.
const SPANS = 50_000;
const BIG_BYTES = 20 << 20;
const server = await startServer();
const client = new Client(server.url);

const trace = makeTrace({ spansPerTrace: SPANS, textBytes: 200 });
const sentMs = performance.now();
for (let at = 0; at < SPANS; at += 2000) {
  const { status, text: said } = await client.send(encodeSpans(trace.spans.slice(at, at + 2000)));
  if (status !== 200) throw new Error(`refused with ${status}: ${said}`);
}
await until("all spans", async () => (await client.get<TraceDetail>(`/api/v1/traces/${trace.traceId}`)).trace.span_count === SPANS, 120_000);
const storedMs = performance.now() - sentMs;

const openMs = await bestOf(5, async () => {
  const { spans } = await client.get<TraceDetail>(`/api/v1/traces/${trace.traceId}`);
  if (spans.length !== SPANS) throw new Error(`${spans.length} spans`);
});
const oneSpanMs = await bestOf(5, async () => void (await client.get(`/api/v1/traces/${trace.traceId}/spans/${trace.spanIds[SPANS / 2] ?? ""}`)));

const big = makeTrace({ spansPerTrace: 1 });
const content = "All of the customer's letters, one after the other. ".repeat(BIG_BYTES / 52);
const [span] = big.spans as { attributes: unknown[] }[];
if (span === undefined) throw new Error("no span");
span.attributes.push(text("tool.output", content));
const bigSentMs = performance.now();
const answer = await client.send(encodeSpans([span]));
if (answer.status !== 200) throw new Error(`the big span was refused with ${answer.status}: ${answer.text}`);
await until("the big span", async () => (await client.get<TraceDetail>(`/api/v1/traces/${big.traceId}`)).trace.span_count === 1, 60_000);
const bigStoredMs = performance.now() - bigSentMs;
const bigOpenMs = await bestOf(3, async () => void (await client.get(`/api/v1/traces/${big.traceId}/spans/${big.spanIds[0] ?? ""}`)));
await server.dispose();

const kept = report("Large trace", [
  { what: "50,000 spans: from first request to readable", value: storedMs, unit: "ms", against: { what: "the limit", value: 60_000 }, better: "lower" },
  { what: "50,000 spans: open the trace (header, skeletons)", value: openMs, unit: "ms", against: { what: "the limit", value: 1000 }, better: "lower" },
  { what: "50,000 spans: open one span", value: oneSpanMs, unit: "ms", against: { what: "the limit", value: 300 }, better: "lower" },
  { what: "20 MB span: from request to readable", value: bigStoredMs, unit: "ms", against: { what: "the limit", value: 10_000 }, better: "lower" },
  { what: "20 MB span: open it", value: bigOpenMs, unit: "ms", against: { what: "the limit", value: 2000 }, better: "lower" },
]);
process.exit(kept ? 0 : 1);

async function bestOf(rounds: number, act: () => Promise<void>): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round += 1) {
    const startedMs = performance.now();
    await act();
    best = Math.min(best, performance.now() - startedMs);
  }
  return best;
}

import type { TraceDetail } from "@telltale/model/api";
import { type Client, until } from "../load/client.ts";
import { encodeSpans, makeTrace, text, type LoadTrace } from "../load/spans.ts";

export const SPANS = 50_000;
const BIG_BYTES = 20 << 20;

export type Stored = LoadTrace & { /** From the first request until it could be read. */ storedMs: number };

/** A trace of 50,000 spans, sent and readable. */
export async function sendLargeTrace(client: Client): Promise<Stored> {
  return await sendAndWait(client, makeTrace({ spansPerTrace: SPANS, textBytes: 200 }));
}

/** A trace of one span with 20 MB of output, sent and readable. */
export async function sendBigSpan(client: Client): Promise<Stored> {
  const trace = makeTrace({ spansPerTrace: 1 });
  const [span] = trace.spans as { attributes: unknown[] }[];
  if (span === undefined) throw new Error("no span");
  span.attributes.push(text("tool.output", "All of the customer's letters, one after the other. ".repeat(BIG_BYTES / 52)));
  return await sendAndWait(client, trace);
}

async function sendAndWait(client: Client, trace: LoadTrace): Promise<Stored> {
  const { traceId, spans } = trace;
  const startedMs = performance.now();
  for (let at = 0; at < spans.length; at += 2000) {
    const { status, text: said } = await client.send(encodeSpans(spans.slice(at, at + 2000)));
    if (status !== 200) throw new Error(`refused with ${status}: ${said}`);
  }
  const isThere = async () => (await client.get<TraceDetail>(`/api/v1/traces/${traceId}?columns=true`)).trace.span_count === spans.length;
  await until("all spans", isThere, 120_000);
  return { ...trace, storedMs: performance.now() - startedMs };
}

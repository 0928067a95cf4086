import { randomBytes, randomFillSync } from "node:crypto";
import { Agent, request } from "node:http";
import { type LoadTrace, encodeRequest, makeTrace } from "../load/spans.ts";

export interface LoadResult {
  spans: number;
  requests: number;
  seconds: number;
  ackMs: number[];
  refused: number;
  /** Id of the last acknowledged trace. */
  lastTraceId: string;
}

/** A request that is encoded once and gets fresh ids before every use: sending costs next to nothing. */
class ReusableRequest {
  readonly body: Buffer;
  readonly spans: number;
  readonly #traceIds: { at: number[]; id: Buffer }[] = [];
  readonly #spanIds: number[][] = [];
  /** Places of the 24 digits of response ids: the same response twice would be one call. */
  readonly #responseIds: number[];

  constructor(traces: readonly LoadTrace[]) {
    this.body = encodeRequest(traces);
    this.spans = traces.reduce((sum, { spanIds }) => sum + spanIds.length, 0);
    this.#responseIds = occurrences(this.body, Buffer.from("chatcmpl-")).map((at) => at + "chatcmpl-".length);
    for (const { traceId, spanIds } of traces) {
      this.#traceIds.push({ at: occurrences(this.body, Buffer.from(traceId, "hex")), id: Buffer.alloc(16) });
      for (const spanId of spanIds) this.#spanIds.push(occurrences(this.body, Buffer.from(spanId, "hex")));
    }
  }

  /** Gives every trace, span and response a new id; returns one of the trace ids. */
  renew(): string {
    for (const { at, id } of this.#traceIds) {
      randomFillSync(id);
      for (const offset of at) id.copy(this.body, offset);
    }
    const id = Buffer.alloc(8);
    for (const at of this.#spanIds) {
      randomFillSync(id);
      for (const offset of at) id.copy(this.body, offset);
    }
    for (const at of this.#responseIds) this.body.write(randomBytes(12).toString("hex"), at, "latin1");
    return this.#traceIds[0]?.id.toString("hex") ?? "";
  }
}

/** `senders` connections post batches of about `batchSpans` spans for `seconds`: back to back, or together `spansPerSecond`. */
export async function sendLoad(
  url: string,
  options: { seconds: number; senders: number; batchSpans: number; spansPerSecond?: number; headers?: Record<string, string> },
): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: options.senders });
  const result: LoadResult = { spans: 0, requests: 0, seconds: 0, ackMs: [], refused: 0, lastTraceId: "" };
  const startedMs = performance.now();
  const endMs = startedMs + options.seconds * 1000;
  const sender = async (): Promise<void> => {
    const requests = Array.from({ length: 6 }, () => new ReusableRequest(Array.from({ length: Math.round(options.batchSpans / 8) }, () => makeTrace())));
    for (let turn = 0; performance.now() < endMs; turn += 1) {
      const next = requests[turn % requests.length];
      if (next === undefined) return;
      if (options.spansPerSecond !== undefined)
        await pause(startedMs + ((turn * options.senders * next.spans) / options.spansPerSecond) * 1000 - performance.now());
      const traceId = next.renew();
      const sentMs = performance.now();
      const status = await post(agent, url, next.body, options.headers ?? {});
      if (status === 200) {
        result.ackMs.push(performance.now() - sentMs);
        result.spans += next.spans;
        result.requests += 1;
        result.lastTraceId = traceId;
      } else {
        result.refused += 1;
        await pause(200);
      }
    }
  };
  await Promise.all(Array.from({ length: options.senders }, sender));
  result.seconds = (performance.now() - startedMs) / 1000;
  agent.destroy();
  return result;
}

async function pause(ms: number): Promise<void> {
  if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
}

async function post(agent: Agent, url: string, body: Buffer, headers: Record<string, string>): Promise<number> {
  return await new Promise((resolve, reject) => {
    const sent = request(
      url,
      { method: "POST", agent, headers: { "content-type": "application/x-protobuf", "content-length": body.length, ...headers } },
      (response) => {
        response.resume();
        response.once("end", () => resolve(response.statusCode ?? 0));
      },
    );
    sent.once("error", reject);
    sent.end(body);
  });
}

function occurrences(body: Buffer, id: Buffer): number[] {
  const found: number[] = [];
  for (let at = body.indexOf(id); at >= 0; at = body.indexOf(id, at + id.length)) found.push(at);
  return found;
}

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { IngestHealth } from "@telltale/model/api";
import { Client, until } from "./client.ts";
import { type RunningServer, startServer } from "./server.ts";
import { type LoadTrace, encodeRequest, makeTrace } from "./spans.ts";

const SPANS_PER_TRACE = 8;
const MODEL_CALLS_PER_TRACE = 3; // see makeTrace: spans 1, 4 and 7
const TRACES_PER_REQUEST = 10;
const SENDERS = 4;
const project = "Kill";

export interface KillReport {
  kills: number;
  acknowledgedTraces: number;
  acknowledgedSpans: number;
  /** Requests whose answer was cut off, sent again with the same ids afterwards. */
  resentRequests: number;
  /** Acknowledged and not found. */
  lostTraces: number;
  /** Found with another number of spans or model calls than sent. */
  wrongTraces: string[];
  /** Found and never acknowledged nor resent. */
  unknownTraces: number;
  /** Start after each kill, ms until ready. */
  reopenMs: number[];
}

/**
 * Four senders post spans while the server is killed with SIGKILL at random moments, `kills` times. A sender whose
 * request was cut off sends it again, as exporters do; so at the end every trace must be there, once and whole.
 */
export async function killDuringIngest(kills: number, onKill: (round: number, reopenMs: number) => void = () => {}): Promise<KillReport> {
  const data = await mkdtemp(join(tmpdir(), "telltale-kill-"));
  const acknowledged = new Map<string, LoadTrace>();
  const reopenMs: number[] = [];
  let resentRequests = 0;
  let server: RunningServer = await startServer({ data });
  const enough = new AbortController();

  const sender = async (): Promise<void> => {
    while (!enough.signal.aborted) {
      const traces = Array.from({ length: TRACES_PER_REQUEST }, () => makeTrace({ spansPerTrace: SPANS_PER_TRACE }));
      const body = encodeRequest(traces, { project });
      for (let attempt = 0; ; attempt += 1) {
        if (attempt === 1) resentRequests += 1;
        if (await wasAccepted(server.url, body)) break;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      for (const trace of traces) acknowledged.set(trace.traceId, trace);
    }
  };
  const senders = Array.from({ length: SENDERS }, sender);
  try {
    for (let round = 1; round <= kills; round += 1) {
      await new Promise((resolve) => setTimeout(resolve, 200 + Math.random() * 1200));
      await server.kill();
      server = await startServer({ data });
      reopenMs.push(server.readyAfterMs);
      onKill(round, server.readyAfterMs);
    }
    enough.abort();
    await Promise.all(senders);
    return { kills, resentRequests, reopenMs, ...(await compare(new Client(server.url), acknowledged)) };
  } finally {
    enough.abort();
    await server.stop();
    await rm(data, { recursive: true, force: true });
  }
}

async function wasAccepted(url: string, body: Buffer): Promise<boolean> {
  try {
    const { status } = await new Client(url).send(body);
    return status === 200;
  } catch {
    return false; // the connection was cut by the kill: nobody knows whether it was stored, so it is sent again
  }
}

async function compare(client: Client, acknowledged: ReadonlyMap<string, LoadTrace>) {
  // A read waits two seconds at most for what was just acknowledged; after such a load draining may take longer.
  await until("the journal is drained", async () => (await client.get<IngestHealth>("/api/v1/ingest/health")).journal.pending_records === 0, 60_000);
  const found = await client.searchAll({ project_ids: [await client.projectId(project)] });
  const ids = new Set(found.map(({ trace_id }) => trace_id));
  const wrongTraces = found
    .filter(({ span_count, llm_calls }) => span_count !== SPANS_PER_TRACE || llm_calls !== MODEL_CALLS_PER_TRACE)
    .map(({ trace_id, span_count, llm_calls }) => `${trace_id}: ${span_count} spans, ${llm_calls} calls`);
  if (found.length !== ids.size) wrongTraces.push(`${found.length - ids.size} traces are listed twice`);
  return {
    acknowledgedTraces: acknowledged.size,
    acknowledgedSpans: acknowledged.size * SPANS_PER_TRACE,
    lostTraces: [...acknowledged.keys()].filter((id) => !ids.has(id)).length,
    wrongTraces,
    unknownTraces: [...ids].filter((id) => !acknowledged.has(id)).length,
  };
}

import { decodeTraces } from "../../packages/ingest/src/otlp/index.ts";
import { Client, until } from "../load/client.ts";
import { startServer } from "../load/server.ts";
import { encodeRequest, makeTrace } from "../load/spans.ts";
import { measureMlflow } from "./mlflow-peer.ts";
import { cpuSeconds } from "../load/process-tree.ts";
import { type Figure, quantile, report } from "./report.ts";
import { sendLoad } from "./send-load.ts";

// Ingest of spans of about 2 kB, durable before the acknowledgement: 4 senders on loopback, in this process. First as fast as they
// can, then at the rate that is asked for at least.
const PACED = 7000;
const seconds = Number(process.argv[2] ?? 20);
const server = await startServer();
const client = new Client(server.url);

await sendLoad(`${server.url}/v1/traces`, { seconds: 3, senders: 4, batchSpans: 200 });
await until("warm", async () => (await client.search({ limit: 1 })).data.length > 0);

const cpuBefore = cpuSeconds(server.ready.pid);
const [load, searchableMs] = await Promise.all([sendLoad(`${server.url}/v1/traces`, { seconds, senders: 4, batchSpans: 200 }), probeSearchable(seconds)]);
const drainedMs = await timeUntilReadable(load.lastTraceId);
const cpuMicros = ((cpuSeconds(server.ready.pid) - cpuBefore) / load.spans) * 1e6;
const [paced, pacedSearchableMs] = await Promise.all([
  sendLoad(`${server.url}/v1/traces`, { seconds, senders: 4, batchSpans: 200, spansPerSecond: PACED }),
  probeSearchable(seconds),
]);
await server.dispose();

const decodeMicros = bareDecode();
const mlflow = await measureMlflow(Math.min(seconds, 10));

const figures: Figure[] = [
  { what: "spans per second", value: load.spans / load.seconds, unit: "spans/s", against: { what: "the limit", value: PACED }, better: "higher" },
  { what: "CPU per span, all processes", value: cpuMicros, unit: "µs", against: { what: "the limit", value: 140 }, better: "lower" },
  { what: "acknowledged, p99", value: quantile(load.ackMs, 0.99), unit: "ms", against: { what: "the limit", value: 500 }, better: "lower" },
  {
    what: "searchable after the acknowledgement, p95",
    value: quantile(searchableMs, 0.95),
    unit: "ms",
    against: { what: "the limit", value: 1000 },
    better: "lower",
  },
  {
    what: `at ${PACED} spans/s: acknowledged, p99`,
    value: quantile(paced.ackMs, 0.99),
    unit: "ms",
    against: { what: "the limit", value: 500 },
    better: "lower",
  },
  {
    what: `at ${PACED} spans/s: searchable, p95`,
    value: quantile(pacedSearchableMs, 0.95),
    unit: "ms",
    against: { what: "the limit", value: 1000 },
    better: "lower",
  },
  { what: "last span readable after the load", value: drainedMs, unit: "ms", against: { what: "the limit", value: 5000 }, better: "lower" },
  { what: "CPU per span against bare decode", value: cpuMicros, unit: "µs", against: { what: "decode alone", value: decodeMicros }, better: "neither" },
];
if (typeof mlflow === "string") console.log(`MLflow is not measured: ${mlflow}`);
else {
  figures.push(
    {
      what: "spans per second against MLflow",
      value: load.spans / load.seconds,
      unit: "spans/s",
      against: { what: "MLflow", value: mlflow.spansPerSecond },
      better: "higher",
    },
    { what: "CPU per span against MLflow", value: cpuMicros, unit: "µs", against: { what: "MLflow", value: mlflow.cpuMicrosPerSpan }, better: "lower" },
  );
}
console.log(`${load.spans} spans in ${load.requests} requests, ${load.refused} refused for overload`);
const kept = report("Ingest", figures);
process.exit(kept ? 0 : 1);

/** During the load: how long after its acknowledgement a trace is found by a search. */
async function probeSearchable(forSeconds: number): Promise<number[]> {
  const times: number[] = [];
  const endMs = performance.now() + forSeconds * 1000;
  while (performance.now() < endMs) {
    const word = `probe${Math.random().toString(36).slice(2)}`;
    const trace = makeTrace({ spansPerTrace: 1 });
    if ((await client.send(encodeRequest([trace], { service: word }))).status === 200) {
      const ackedMs = performance.now();
      await until("searchable", async () => (await client.search({ limit: 1, filter: `service = '${word}'` })).data.length === 1);
      times.push(performance.now() - ackedMs);
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  return times;
}

async function timeUntilReadable(traceId: string): Promise<number> {
  const startedMs = performance.now();
  await until("readable", async () => (await client.trace(traceId)).trace.span_count === 8, 60_000);
  return performance.now() - startedMs;
}

function bareDecode(): number {
  const body = encodeRequest(Array.from({ length: 25 }, () => makeTrace()));
  const rounds = 200;
  for (let round = 0; round < 50; round += 1) decodeTraces(body, "protobuf");
  const before = process.cpuUsage();
  for (let round = 0; round < rounds; round += 1) decodeTraces(body, "protobuf");
  const used = process.cpuUsage(before);
  return (used.user + used.system) / (rounds * 200);
}

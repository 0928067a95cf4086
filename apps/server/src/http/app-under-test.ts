import { Readable } from "node:stream";
import type { FastifyInstance } from "fastify";
import { pino } from "pino";
import type { SpanContent } from "@telltale/model";
import { serverMetrics } from "../health/metrics.ts";
import { ProblemLog } from "../health/problem-log.ts";
import type { StoreHealth } from "../health/store-health.ts";
import { CostReader } from "../cost/cost-reader.ts";
import { PriceBook } from "../prices/price-book.ts";
import { Repricer } from "../prices/repricer.ts";
import { createApp, type AppDeps } from "./app.ts";
import { FakeStore } from "./fake-store.ts";
import { InFlightBytes } from "./in-flight-bytes.ts";

export interface AppUnderTest {
  app: FastifyInstance;
  store: FakeStore;
  problems: ProblemLog;
  inFlight: InFlightBytes;
  /** Lines of the log, as written. */
  logged: string[];
  health: StoreHealth;
  blobs: Map<string, { contentType: string; bytes: Buffer }>;
}

/** The whole application over a store in memory, for tests of routes. Not listening. */
export async function appUnderTest(changes: Partial<AppDeps> = {}): Promise<AppUnderTest> {
  const store = new FakeStore();
  const problems = new ProblemLog();
  const inFlight = new InFlightBytes(32 * 1024 * 1024);
  const logged: string[] = [];
  const health = healthyStore();
  const blobs: AppUnderTest["blobs"] = new Map();
  const storeHealth = async () => health;
  const app = await createApp({
    ingest: store.ingest,
    questions: store.questions,
    sql: store.sql,
    projects: store.projects,
    // Their routes are tested over the real database.
    views: absent(),
    sessions: absent(),
    eraser: absent(),
    artifacts: absent(),
    dashboards: absent(),
    slos: absent(),
    sloCounter: absent(),
    metadata: absent(),
    scoring: absent(),
    providers: absent(),
    secrets: absent(),
    tryProvider: async () => undefined,
    scorerNamed: async () => undefined,
    countJudges: async () => [],
    countVerdicts: async () => [],
    compareVersions: async () => [],
    labelledTraces: async () => [],
    diagnosticTotals: async () => [],
    reviewQueues: absent(),
    reviewItems: absent(),
    labelSchemas: absent(),
    blobs: { open: async (hash) => openFake(blobs.get(hash)) },
    readSpan: (_ids, payload) => ({ raw: JSON.parse(payload.raw, revive) as never, content: emptyContent() }),
    problems,
    storeHealth,
    serverInfo: () => ({
      version: "0.0.0",
      url: "http://127.0.0.1:1",
      otlp_http: null,
      otlp_grpc: null,
      auth: "none",
      demo: { state: "absent", project_id: null, progress: 0 },
    }),
    demo: { status: () => ({ state: "absent", project_id: null, progress: 0 }), create: async () => undefined, remove: async () => undefined },
    backup: { start: async () => ({ archive: Readable.from([Buffer.from("archive")]), bytes: 1234 }) },
    prices: new PriceBook(store.prices),
    repricer: new Repricer({
      engine: {} as never,
      jobs: store.repriceJobs,
      prices: new PriceBook(store.prices),
      ingest: store.ingest,
      log: pino({ level: "silent" }),
    }),
    cost: new CostReader({ cost: store.cost, questions: store.questions, prices: new PriceBook(store.prices), now: () => 1_795_500_000_000 }),
    docsFolder: undefined,
    now: () => 1_795_500_000_000,
    inFlight,
    metrics: serverMetrics(problems, storeHealth, () => inFlight.held),
    maxBodyBytes: 1024 * 1024,
    allowedHosts: [],
    otlpCorsOrigins: [],
    log: pino({ level: "info" }, { write: (line: string) => logged.push(line) }),
    version: "0.0.0",
    webFolder: undefined,
    registerMlflow: undefined,
    ...changes,
  });
  return { app, store, problems, inFlight, logged, health, blobs };
}

/** A part that a test must bring itself when it needs one. */
export function absent<T extends object>(): T {
  const get = (_target: object, name: string | symbol) => {
    throw new Error(`this test brought no ${String(name)}`);
  };
  return new Proxy({}, { get }) as T;
}

function openFake(blob: { contentType: string; bytes: Buffer } | undefined) {
  return blob === undefined ? undefined : { contentType: blob.contentType, sizeBytes: blob.bytes.length, stream: () => Readable.from([blob.bytes]) };
}

function healthyStore(): StoreHealth {
  return {
    journal: { pending_records: 0, pending_bytes: 0, bytes_on_disk: 0, oldest_pending_s: 0, last_error: null },
    engine: { state: "ready", restarts: 0, rows: 7, bytes_on_disk: 1000 },
    disk: { free_bytes: 1e12, full: false },
    storedBlocks: 5,
    taken: { spans: 7, logs: 0, metricPoints: 0 },
    duplicates: 1,
    lateSpans: 2,
  };
}

/** `{"$map":[…]}` and `{"$big":"…"}` in a fake payload. */
function revive(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if ("$map" in value) return new Map(value.$map as [string, unknown][]);
  return "$big" in value ? BigInt(String(value.$big)) : value;
}

function emptyContent(): SpanContent {
  return {
    inputMessages: [{ role: "user", parts: [{ type: "text", content: "hi" }] }],
    outputMessages: [],
    systemInstructions: "",
    toolDefinitions: [],
    toolArguments: undefined,
    toolResult: undefined,
    documents: [],
    retrievalQuery: "",
    embeddings: undefined,
    params: {},
    promptTemplate: "",
    promptVariables: {},
    scores: [],
    handoffTo: "",
  };
}

import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { unpackLog } from "@telltale/ingest";
import type { ServerInfo } from "@telltale/model/api";
import type { ClickHouseEngine } from "@telltale/store/clickhouse";
import {
  BlobStore,
  DiskReserve,
  EmbeddedEngine,
  freeBytes,
  Journal,
  migrateAnalytics,
  openMetadata,
  runSql,
  sloCounts,
  sloQuantiles,
  sessionQuestions,
  traceQuestions,
  type Engine,
  type Metadata,
  type Replayed,
  type TraceQuestions,
} from "@telltale/store";
import { FileArtifactStore } from "./artifacts/file-artifact-store.ts";
import { RunningBackup } from "./backup/running-backup.ts";
import { writeRunningAddress } from "./backup/running-address.ts";
import { allOrNone } from "./all-or-none.ts";
import { Closers } from "./closers.ts";
import type { Config } from "./config.ts";
import { moneyDeps } from "./cost/money-deps.ts";
import { createDemo, type Demo } from "./demo/create-demo.ts";
import { openEraser } from "./erasure/open-eraser.ts";
import { DiskWatch } from "./health/disk-watch.ts";
import { serverMetrics } from "./health/metrics.ts";
import { ProblemLog } from "./health/problem-log.ts";
import { Quarantine } from "./health/quarantine.ts";
import { refuseWhenFull } from "./health/refuse-when-full.ts";
import { storeHealthReader } from "./health/store-health.ts";
import { createApp, createOtlpApp, type AppDeps, type ReceiveDeps } from "./http/app.ts";
import { InFlightBytes } from "./http/in-flight-bytes.ts";
import { IN_FLIGHT_LIMIT_BYTES } from "./http/limits.ts";
import { closeListening, listen, urlOf } from "./http/listen.ts";
import { optionalPort } from "./http/optional-port.ts";
import { registerMlflow } from "./http/mlflow/index.ts";
import { scopeOf } from "./http/scope.ts";
import { HourSettler } from "./jobs/hour-settler.ts";
import type { Installation } from "./installation.ts";
import type { OpenFolder } from "./open-folder.ts";
import { createIngest, type RunningIngest } from "./pipeline/create-ingest.ts";
import type { Ingest } from "./pipeline/ingest.ts";
import { readSpan } from "./pipeline/read-span.ts";
import { PriceBook } from "./prices/price-book.ts";
import { Repricer } from "./prices/repricer.ts";
import { scoringDeps } from "./scoring-deps.ts";
import { openScoring } from "./scoring/open-scoring.ts";
import type { ServerLog } from "./server-log.ts";

export interface RunningServer {
  url: string;
  /** `host:port`, or null when switched off or taken. */
  otlpGrpc: string | null;
  otlpHttp: string | null;
  /** Absolute path of the data folder. */
  data: string;
  /** Stops accepting, finishes what runs, writes what waits, closes the stores. */
  close(): Promise<void>;
  /** For an end without `close`: no child outlives us. */
  killChildren(): void;
}

/** The stores and the way into them, open and recovered. */
interface Core {
  dataFolder: string;
  engine: Engine | EmbeddedEngine;
  metadata: Metadata;
  journal: Journal;
  blobs: BlobStore;
  quarantine: Quarantine;
  artifacts: FileArtifactStore;
  questions: TraceQuestions;
  ingest: RunningIngest;
  prices: PriceBook;
  disk: DiskWatch;
}

const now = Date.now;
/** Receiving is behind when something acknowledged waits this long for the store. */
const BEHIND_S = 2;

/** Starts everything; when it resolves every port answers. Rejects with one clear line, having closed what was open. */
export async function startServer(config: Config, log: ServerLog, installation: Installation, folder: OpenFolder): Promise<RunningServer> {
  const closers = new Closers();
  const closeAll = (): Promise<void> => closers.closeAll((name, error) => log.error({ err: error, part: name }, "closing failed"));
  try {
    const core = await openCore(config, folder, closers, log);
    return await openPorts(config, installation, core, closers, log, closeAll);
  } catch (error) {
    await closeAll();
    throw error;
  }
}

async function openCore(config: Config, folder: OpenFolder, closers: Closers, log: ServerLog): Promise<Core> {
  closers.add("lock", () => folder.lock.release());
  const say = (message: string, fields?: Record<string, unknown>): void => log.warn(fields ?? {}, message);
  const [engine, metadata, { journal, replay }, blobs] = await allOrNone([
    openEngine(config, folder, closers),
    openMetadata(folder.postgres === undefined ? { url: config.postgresUrl ?? "" } : { embedded: folder.postgres }, { log: say, now }).then((opened) => {
      closers.add("metadata", () => opened.close());
      return opened;
    }),
    Journal.open(join(config.data, "journal")).then((opened) => {
      closers.add("journal", () => opened.journal.close());
      return opened;
    }),
    BlobStore.open(join(config.data, "blobs"), { maxBytes: config.maxBodyBytes }),
  ]);
  const questions = traceQuestions(engine, { unpackLog, now });
  const prices = await PriceBook.open(metadata.prices);
  const quarantine = new Quarantine(join(config.data, "quarantine"), now);
  const ingest = await openIngest({ quarantine, prices, engine, questions, journal, metadata, blobs, replay, closers, log });
  const settler = new HourSettler({ engine, now, isBusy: () => ingest.pending().oldestS > BEHIND_S, log: say });
  settler.start();
  closers.add("hour settler", () => settler.stop());
  const disk = new DiskWatch({
    freeBytes: () => freeBytes(config.data),
    reserve: new DiskReserve(join(config.data, "reserve")),
    journalError: () => journal.lastError,
    log,
  });
  await disk.start();
  closers.add("disk watch", () => disk.stop());
  const artifacts = new FileArtifactStore(join(config.data, "artifacts"), config.maxBodyBytes);
  return { dataFolder: config.data, engine, metadata, journal, blobs, quarantine, artifacts, questions, ingest, prices, disk };
}

async function openEngine(config: Config, folder: OpenFolder, closers: Closers): Promise<Engine | EmbeddedEngine> {
  const engine = folder.engine ?? (await clickHouse(config.clickhouseUrl ?? ""));
  closers.add("engine", () => engine.close());
  await engine.ready();
  await migrateAnalytics(engine);
  return engine;
}

async function clickHouse(url: string): Promise<ClickHouseEngine> {
  const { ClickHouseEngine: Server } = await import("@telltale/store/clickhouse");
  return new Server(url);
}

interface IngestParts {
  quarantine: Quarantine;
  prices: PriceBook;
  engine: Engine;
  questions: TraceQuestions;
  journal: Journal;
  metadata: Metadata;
  blobs: BlobStore;
  replay: () => AsyncIterable<Replayed>;
  closers: Closers;
  log: ServerLog;
}

async function openIngest({ quarantine, prices, engine, questions, journal, metadata, blobs, replay, closers, log }: IngestParts): Promise<RunningIngest> {
  const ingest = createIngest({
    engine,
    questions,
    journal,
    projects: metadata.projects,
    putBlob: async (blob) => void (await blobs.put(blob.bytes, blob.contentType)),
    quarantine: (items) => quarantine.keep(items),
    prices: () => prices.overrides,
    onDeleted: (projectId, traceIds) => metadata.deletedTraces.forget(projectId, traceIds),
    now,
    log: (message, fields) => log.warn(fields ?? {}, message),
  });
  closers.add("ingest", () => ingest.stop());
  // Before anything new is taken in: the journal is one order, and the store must see it as such.
  const recovered = await ingest.recover(replay());
  if (recovered > 0) log.info({ records: recovered }, "continuing with what the journal held");
  return ingest;
}

async function openPorts(
  config: Config,
  installation: Installation,
  core: Core,
  closers: Closers,
  log: ServerLog,
  closeAll: () => Promise<void>,
): Promise<RunningServer> {
  const ingest = refuseWhenFull(core.ingest, () => core.disk.full);
  const { projects, slos, dashboards } = core.metadata;
  const demo = createDemo({ ingest, projects, slos, dashboards, questions: core.questions, now });
  closers.add("demo", () => demo.stop());
  await demo.refresh();
  const info: ServerInfo = { version: installation.version, url: "", otlp_http: null, otlp_grpc: null, auth: "none", demo: demo.status() };
  const receiving = receiveDeps(config, core, ingest, log);
  const ports: (() => Promise<void>)[] = [];
  closers.add("ports", async () => void (await Promise.all(ports.map((close) => close()))));
  const backup = runningBackup(core, ingest, log);
  closers.add("backup", () => backup.stop());
  await backup.clear();
  const repricer = new Repricer({ engine: core.engine, jobs: core.metadata.repriceJobs, prices: core.prices, ingest, log });
  closers.add("repricer", () => repricer.stop());
  const eraser = openEraser({ ...core, ingest, copies: core.metadata.personalCopies, log });
  closers.add("eraser", () => eraser.stop());
  const scoring = openScoring({ ...core, secretKey: config.secretKey, sandboxWorker: installation.sandboxWorker, into: ingest, now, log });
  closers.add("scoring", () => scoring.scoring.stop());
  const app = await createApp({ ...appDeps(installation, core, receiving, ingest, demo, info), ...scoringDeps(core, scoring), backup, repricer, eraser });
  ports.push(() => closeListening(app));
  info.url = urlOf(config.host, await listen(app, config.host, config.port));
  info.otlp_http = await optionalPort("OTLP/HTTP", config.otlpHttpPort, log, async (port) => {
    const otlp = await createOtlpApp(receiving);
    const bound = await listen(otlp, config.host, port);
    ports.push(() => closeListening(otlp));
    return urlOf(config.host, bound);
  });
  info.otlp_grpc = await optionalPort("OTLP/gRPC", config.otlpGrpcPort, log, async (port) => {
    const { startOtlpGrpc } = await import("./grpc/otlp-grpc-server.ts"); // 15 MB that only this port needs
    const grpc = await startOtlpGrpc(receiving, config.host, port);
    ports.push(() => grpc.close(3000));
    return urlOf(config.host, grpc.port);
  });
  await repricer.resume();
  await eraser.resume();
  closers.add("address", await writeRunningAddress(config.data, info.url));
  core.ingest.start(); // last: decoding what a crash left would keep the ports waiting
  return {
    url: info.url,
    otlpGrpc: info.otlp_grpc,
    otlpHttp: info.otlp_http,
    data: config.data,
    close: closeAll,
    killChildren: () => killChildren(core),
  };
}

function receiveDeps(config: Config, core: Core, ingest: Ingest, log: ServerLog): ReceiveDeps {
  const problems = new ProblemLog(now);
  const inFlight = new InFlightBytes(Math.max(IN_FLIGHT_LIMIT_BYTES, config.maxBodyBytes * 2));
  const storeHealth = storeHealthReader(core, now);
  return {
    ingest,
    problems,
    storeHealth,
    inFlight,
    metrics: serverMetrics(problems, storeHealth, () => inFlight.held),
    maxBodyBytes: config.maxBodyBytes,
    allowedHosts: config.allowedHosts,
    otlpCorsOrigins: config.otlpCorsOrigins,
    log,
  };
}

function runningBackup({ dataFolder, engine, journal, metadata, disk }: Core, ingest: Ingest, log: ServerLog): RunningBackup {
  const embedded = engine instanceof EmbeddedEngine ? engine : undefined;
  const stores = { dataDir: dataFolder, engine: embedded, journal, db: metadata.db };
  return new RunningBackup({ stores, readable: () => ingest.readable(), isDiskFull: () => disk.full, now, log });
}

function appDeps(
  installation: Installation,
  core: Core,
  receiving: ReceiveDeps,
  ingest: Ingest,
  demo: Demo,
  info: ServerInfo,
): Omit<AppDeps, "backup" | "repricer" | "eraser" | keyof ReturnType<typeof scoringDeps>> {
  return {
    ...receiving,
    ingest,
    questions: core.questions,
    slos: core.metadata.slos,
    sloCounter: {
      counts: (question, recentSeconds, signal) => sloCounts(core.engine, question, recentSeconds, signal),
      quantiles: (question, levels, signal) => sloQuantiles(core.engine, question, levels, signal),
    },
    sessions: sessionQuestions(core.engine, { unpackLog, now }),
    sql: (question, signal) => runSql(core.engine, question, signal),
    projects: core.metadata.projects,
    views: core.metadata.views,
    dashboards: core.metadata.dashboards,
    ...moneyDeps(core, now),
    blobs: core.blobs,
    artifacts: core.artifacts,
    readSpan,
    serverInfo: () => ({ ...info, demo: demo.status() }),
    demo,
    docsFolder: installation.docsFolder,
    now,
    version: installation.version,
    webFolder: installation.webFolder,
    registerMlflow: (app) =>
      registerMlflow(app, {
        traces: core.questions,
        projects: core.metadata.projects,
        ingest,
        scorers: core.metadata.scorers,
        labelSchemas: core.metadata.labelSchemas,
        reviewQueues: core.metadata.reviewQueues,
        reviewItems: core.metadata.reviewItems,
        artifacts: core.artifacts,
        inFlight: receiving.inFlight,
        scopeOf,
        now,
        newHex: () => randomBytes(16).toString("hex"),
      }),
  };
}

function killChildren({ engine, metadata }: Core): void {
  const pids = [engine instanceof EmbeddedEngine ? engine.pid : undefined, metadata.embedded?.pid];
  for (const pid of pids) {
    try {
      // PostgreSQL recovers from its log; chDB's writes are whole parts.
      if (pid !== undefined) process.kill(pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }
}

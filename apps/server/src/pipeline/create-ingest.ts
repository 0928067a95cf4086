import { ResponseIndex, decodeLogs, decodeMetrics, decodeTraces, decodeTracesJson } from "@telltale/ingest";
import type { PriceOverrides } from "@telltale/ingest/pricing";
import { type MediaBlob, TelltaleError, type Trace } from "@telltale/model";
import { type Engine, type Journal, type ProjectStore, type Replayed, type TraceQuestions, allTraceIds, rootlessTraces } from "@telltale/store";
import { BLOCK_SPANS, Drain } from "./drain.ts";
import type { Command, Ingest, Received, ReceivedBody } from "./ingest.ts";
import { type Item, type ItemMeta, decodeItem, encodeCommands, isCommands, traceIdsOf, tracesItem } from "./journal-item.ts";
import { forgetDeleted } from "./forget-deleted.ts";
import { LiveTraces } from "./live-traces.ts";
import { ProjectRouter } from "./project-routing.ts";
import { DrainQueue } from "./queue.ts";
import { SeenTraces } from "./seen-traces.ts";
import { type PipelineStats, newStats } from "./stats.ts";

export interface IngestDeps {
  engine: Engine;
  questions: TraceQuestions;
  journal: Journal;
  projects: ProjectStore;
  putBlob: (blob: MediaBlob) => Promise<void>;
  quarantine: (items: readonly { item: Item; error: Error }[]) => Promise<void>;
  /** The operator's own prices as they are now; absent = the built-in table only. */
  prices?: () => PriceOverrides | undefined;
  /** Somebody deleted traces: what is kept of them outside the store goes as well. May be told twice. */
  onDeleted?: (projectId: string, traceIds: readonly string[]) => Promise<void>;
  now?: () => number;
  log?: (message: string, fields?: Record<string, unknown>) => void;
}

export interface RunningIngest extends Ingest {
  readonly stats: PipelineStats;
  /** See `Drain.storedUpToNs`. */
  storedUpToNs(): bigint;
  pending(): { records: number; bytes: number; oldestS: number };
  /**
   * Replays what a crash left in the journal; resolves when it is in the queue (reads wait for it by themselves). It is decoded
   * when its turn comes: a start need not wait for that, however much was left.
   */
  recover(replay: AsyncIterable<Replayed>): Promise<number>;
  /** Begins to store. Until then what is received waits in the journal and the queue. */
  start(): void;
  /** Drains and stops. What cannot be stored now stays in the journal. */
  stop(): Promise<void>;
}

/** Decoded requests kept in memory until they are stored; above it they are read back from the journal. */
const MAX_DECODED_BYTES = 32 << 20;
/** While the queue is crowded, an ack waits for the store this long at most: senders slow down before they are refused. */
const MAX_ACK_DELAY_MS = 250;
/** Spans of moving traces kept in memory (about 0.5 kB each). */
const MAX_LIVE_SPANS = 60_000;
const LIVE_IDLE_MS = 60_000;
const READABLE_TIMEOUT_MS = 2_000;
/** By which the spans of a record that is not yet decoded are reckoned: blocks need not be exact. */
const USUAL_SPAN_BYTES = 2_000;
/** A trace still without its root after this much quiet is closed as it is (it reopens when a span comes). */
const ROOT_TIMEOUT_MS = 30 * 60_000;
const ROOT_TIMEOUT_EVERY_MS = 60_000;

export function createIngest(deps: IngestDeps): RunningIngest {
  return new JournalledIngest(deps);
}

class JournalledIngest implements RunningIngest {
  readonly stats = newStats();
  readonly #deps: IngestDeps;
  readonly #now: () => number;
  readonly #queue = new DrainQueue<Item>(MAX_DECODED_BYTES, BLOCK_SPANS);
  readonly #router: ProjectRouter;
  readonly #drain: Drain;
  readonly #listeners = new Set<(traces: readonly Trace[]) => void>();
  readonly #seen = new SeenTraces();
  readonly #timeouts: NodeJS.Timeout;

  constructor(deps: IngestDeps) {
    this.#deps = deps;
    this.#now = deps.now ?? Date.now;
    this.#router = new ProjectRouter(deps.projects, this.#now);
    const log = deps.log ?? (() => {});
    this.#drain = new Drain({
      engine: deps.engine,
      questions: deps.questions,
      journal: deps.journal,
      queue: this.#queue,
      state: { live: new LiveTraces(MAX_LIVE_SPANS, LIVE_IDLE_MS), seen: this.#seen, responses: new ResponseIndex(20_000), stats: this.stats },
      now: this.#now,
      putBlob: deps.putBlob,
      quarantine: deps.quarantine,
      onTraces: (traces) => this.#tell(traces),
      onDeleted: forgetDeleted(deps.onDeleted ?? (async () => {}), log),
      log,
      prices: deps.prices ?? (() => undefined),
    });
    const timeOut = (): Promise<void> =>
      this.timeOutRootless().catch((error: unknown) => log("rootless traces not closed; tried again in a minute", { error: String(error) }));
    this.#timeouts = setInterval(() => void timeOut(), ROOT_TIMEOUT_EVERY_MS);
    this.#timeouts.unref();
    void this.#loadSeen().catch((error: unknown) => log("known traces not loaded; every new trace is looked up instead", { error: String(error) }));
  }

  async traces(input: ReceivedBody): Promise<Received> {
    const { spans, rejected } = this.#decode(() => decodeTraces(input.body, input.format));
    this.stats.rejectedSpans += rejected.count;
    const message = reasonsOf(rejected);
    if (spans.length === 0) return { accepted: 0, rejected: rejected.count, message };
    const routing = await this.#router.route(input.project, new Set(spans.map((span) => span.resource)));
    const meta: ItemMeta = { type: "traces", format: input.format, routing, ...(input.runId === undefined ? {} : { runId: input.runId }) };
    await this.#append(meta, input.body, tracesItem(spans, routing, input.runId, this.#drain.readWith), spans.length);
    this.stats.spans += spans.length;
    return { accepted: spans.length, rejected: rejected.count, message };
  }

  async logs(input: ReceivedBody): Promise<Received> {
    const { logs, rejected } = this.#decode(() => decodeLogs(input.body, input.format));
    const refused = { rejected: rejected.count, message: reasonsOf(rejected) };
    if (logs.length === 0) return { accepted: 0, ...refused };
    const routing = await this.#router.route(input.project, new Set(logs.map((log) => log.resource)));
    await this.#append({ type: "logs", format: input.format, routing }, input.body, { type: "logs", routing, logs }, logs.length);
    this.stats.logs += logs.length;
    return { accepted: logs.length, ...refused };
  }

  async metrics(input: ReceivedBody): Promise<Received> {
    const { points, rejected } = this.#decode(() => decodeMetrics(input.body, input.format));
    const refused = { rejected: rejected.count, message: reasonsOf(rejected) };
    if (points.length === 0) return { accepted: 0, ...refused };
    const routing = await this.#router.route(input.project, new Set(points.map((point) => point.resource)));
    await this.#append({ type: "metrics", format: input.format, routing }, input.body, { type: "metrics", routing, points }, points.length);
    this.stats.metricPoints += points.length;
    return { accepted: points.length, ...refused };
  }

  async tracesJson(input: { body: Buffer; projectId: string; traceId: string; client: string }): Promise<Received> {
    const spans = this.#decode(() => decodeTracesJson(input.body));
    if (spans.length === 0) return { accepted: 0, rejected: 0, message: "" };
    const routing = { fixed: input.projectId };
    await this.#append(
      { type: "traces_json", routing, traceId: input.traceId },
      input.body,
      tracesItem(spans, routing, undefined, this.#drain.readWith),
      spans.length,
    );
    this.stats.spans += spans.length;
    return { accepted: spans.length, rejected: 0, message: "" };
  }

  async apply(commands: readonly Command[]): Promise<void> {
    if (commands.length === 0) return;
    await this.#append({ type: "commands" }, encodeCommands(commands), { type: "commands", commands }, commands.length);
    this.stats.commands += commands.length;
  }

  async readable(traceIds?: readonly string[]): Promise<boolean> {
    if (traceIds && !traceIds.some((id) => this.#queue.isPending(id))) return true;
    if (this.#queue.done >= this.#queue.pushed) return true;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), READABLE_TIMEOUT_MS);
    });
    return Promise.race([this.#drain.drained().then(() => true), late]).finally(() => clearTimeout(timer));
  }

  mayKnow(traceId: string): boolean {
    return this.#seen.mayContain(traceId) || this.#queue.isPending(traceId);
  }

  onTraces(listener: (traces: readonly Trace[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  storedUpToNs(): bigint {
    return this.#drain.storedUpToNs();
  }

  pending(): { records: number; bytes: number; oldestS: number } {
    const oldest = this.#queue.peek();
    return { records: this.#queue.pushed - this.#queue.done, bytes: this.#deps.journal.pendingBytes, oldestS: oldest ? (this.#now() - oldest.atMs) / 1000 : 0 };
  }

  async recover(replay: AsyncIterable<Replayed>): Promise<number> {
    let records = 0;
    for await (const { record, end, bytes } of replay) {
      this.#deps.journal.countReplayed(bytes);
      // Commands are short, and say whether they must be a block of their own.
      if (isCommands(record)) {
        const item = decodeItem(record, this.#drain.readWith);
        this.#push(item, end, bytes, countOf(item));
      } else {
        this.#pushUnread(end, bytes);
      }
      records += 1;
    }
    return records;
  }

  start(): void {
    this.#drain.start();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timeouts);
    await this.#drain.stop();
  }

  /** Closes traces whose root did not come; see ROOT_TIMEOUT_MS. */
  async timeOutRootless(): Promise<void> {
    const traces = await rootlessTraces(this.#deps.engine, BigInt(this.#now() - ROOT_TIMEOUT_MS) * 1_000_000n);
    if (traces.length > 0) this.#push({ type: "time_out", traces }, undefined, 0, 0);
  }

  async #append(meta: ItemMeta, body: Buffer, item: Item, count: number): Promise<void> {
    try {
      const { end, bytes } = await this.#deps.journal.append({ meta: { ...meta }, body });
      this.#push(item, end, bytes, count);
      if (this.#queue.isCrowded) await this.#drain.roomier(MAX_ACK_DELAY_MS);
    } catch (error) {
      if (error instanceof TelltaleError && error.code === "overloaded") this.stats.refusedOverload += 1;
      throw error;
    }
  }

  #push(item: Item, end: Replayed["end"] | undefined, bytes: number, count: number): void {
    this.#queue.push({ end, bytes, decoded: item, traceIds: traceIdsOf(item), alone: isDelete(item), spans: count, atMs: this.#now() });
    this.#drain.wake();
  }

  #pushUnread(end: Replayed["end"], bytes: number): void {
    const spans = Math.ceil(bytes / USUAL_SPAN_BYTES);
    this.#queue.push({ end, bytes, decoded: undefined, traceIds: undefined, alone: false, spans, atMs: this.#now() });
    this.#drain.wake();
  }

  #decode<T>(decode: () => T): T {
    try {
      return decode();
    } catch (error) {
      this.stats.rejectedRequests += 1;
      throw error;
    }
  }

  #tell(traces: readonly Trace[]): void {
    for (const listener of this.#listeners) listener(traces);
  }

  /** Ids of what is stored; until they are here every trace counts as possibly stored. */
  async #loadSeen(): Promise<void> {
    for await (const ids of allTraceIds(this.#deps.engine)) for (const id of ids) this.#seen.add(id);
    this.#seen.loaded = true;
  }
}

function countOf(item: Item): number {
  switch (item.type) {
    case "traces":
      return item.spanCount;
    case "logs":
      return item.logs.length;
    case "metrics":
      return item.points.length;
    case "commands":
      return item.commands.length;
    case "time_out":
      return item.traces.length;
  }
}

function reasonsOf(rejected: { reasons: ReadonlyMap<string, number> }): string {
  return [...rejected.reasons].map(([reason, count]) => `${count} × ${reason}`).join("; ");
}

function isDelete(item: Item): boolean {
  return item.type === "commands" && item.commands.some((command) => command.type === "traces_delete");
}

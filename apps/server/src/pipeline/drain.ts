import { unpackRaw } from "@telltale/ingest";
import { TelltaleError, type MediaBlob, type Trace } from "@telltale/model";
import { Block, type Engine, type Journal, type TraceQuestions, deleteTraces, moveTraces, recountSpans, repriceSpans, writeBlock } from "@telltale/store";
import { BlockAssembler, type AssemblerState, type Prepared } from "./assemble-block.ts";
import { assessedStarts } from "./assessed-starts.ts";
import { hydrate } from "./hydrate.ts";
import { IndexAfterBursts } from "./index-after-bursts.ts";
import { type Item, decodeItem } from "./journal-item.ts";
import { type ReadWith, prepareSpans } from "./prepare-spans.ts";
import { recallResponses } from "./recall-responses.ts";
import { releaseMemory } from "./release-memory.ts";
import type { DrainQueue, QueueItem } from "./queue.ts";
import { touchedTraces } from "./touched-traces.ts";

/** A block is closed when this many spans wait … */
export const BLOCK_SPANS = 3_500;
/** … or this long after its first record. A reader does not wait for that (see HURRIED_BLOCK_MS); the live tail does. */
const BLOCK_MS = 400;
/** What is taken at once when more waits, because many send at the same time. */
const MAX_BLOCK_SPANS = 8_000;
const MAX_BLOCK_BYTES = 32 << 20;
const QUIET_MS = 15_000;
/** A reader waits: the block is closed soon … */
const HURRIED_BLOCK_MS = 20;
/** … but where spans come thick (this many wait already), not so soon that blocks become tiny. */
const THICK_SPANS = 200;
const HURRIED_THICK_BLOCK_MS = 150;
const ATTEMPTS_BEFORE_QUARANTINE = 5;

export interface DrainDeps {
  engine: Engine;
  questions: TraceQuestions;
  journal: Journal;
  queue: DrainQueue<Item>;
  state: AssemblerState;
  now: () => number;
  putBlob: (blob: MediaBlob) => Promise<void>;
  /** Keeps what the engine refuses for good; never drops it. */
  quarantine: (items: readonly { item: Item; error: Error }[]) => Promise<void>;
  onTraces: (traces: readonly Trace[]) => void;
  /** Somebody deleted them: what is kept of them elsewhere goes as well. */
  onDeleted: (projectId: string, traceIds: readonly string[]) => Promise<void>;
  log: (message: string, fields?: Record<string, unknown>) => void;
  /** The operator's own prices as they are now. */
  prices: ReadWith["prices"];
}

/**
 * Moves acknowledged records into the store, in order, one block after the other: what arrives while a block is written is
 * the next one, so nothing waits for more than two (merges and receiving keep the other core busy). A failed write is tried again
 * until it succeeds: the journal keeps everything meanwhile.
 */
export class Drain {
  readonly #deps: DrainDeps;
  #wake: (() => void) | undefined;
  #hurry = false;
  #stopping = false;
  /** Nothing was written since the last rest. */
  #rested = true;
  #version = 0n;
  /** Used for one block after the other, while there is traffic. */
  #block: Block | undefined;
  /** Versions of blocks that are made but not yet stored. */
  readonly #open = new Set<bigint>();
  /** What was known of responses before the start; read back with the first spans. */
  #recalled: Promise<void> | undefined;
  #loop: Promise<void> | undefined;
  #crowd: { resolve: () => void; timer: NodeJS.Timeout }[] = [];
  readonly #waiters: { upTo: number; resolve: () => void }[] = [];

  readonly #fresh: IndexAfterBursts;

  constructor(deps: DrainDeps) {
    this.#deps = deps;
    this.#fresh = new IndexAfterBursts(deps.engine, deps.log);
  }

  start(): void {
    this.#loop = this.#run();
  }

  /** Something was pushed. */
  wake(): void {
    this.#wake?.();
  }

  /** Resolves when everything pushed before the call is in the store. */
  drained(): Promise<void> {
    const { queue } = this.#deps;
    if (queue.done >= queue.pushed) return Promise.resolve();
    this.#hurry = true;
    this.wake();
    return new Promise((resolve) => this.#waiters.push({ upTo: queue.pushed, resolve }));
  }

  /** Everything written with this version (nanoseconds) or an older one can be read, and nothing more will get such a version. */
  storedUpToNs(): bigint {
    let upTo = BigInt(this.#deps.now()) * 1_000_000n - 1n;
    for (const version of this.#open) if (version <= upTo) upTo = version - 1n;
    return upTo;
  }

  /** Resolves when a block has been stored and the queue is no longer crowded, or after `maxMs`. */
  roomier(maxMs: number): Promise<void> {
    return new Promise((resolve) => {
      const waiter = { resolve, timer: setTimeout(resolve, maxMs) };
      this.#crowd.push(waiter);
    });
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.wake();
    await this.#loop; // not stored is not lost: it is in the journal
    this.#fresh.stop();
  }

  async #run(): Promise<void> {
    const { queue } = this.#deps;
    while (!(this.#stopping && queue.length === 0)) {
      await this.#untilWorthIt();
      const items = this.#take();
      if (items.length === 0) continue;
      try {
        await this.#drain(items);
      } catch (error) {
        if (this.#stopping) return; // the store is away: the next start replays what is left
        // Only a broken invariant gets here (writes retry by themselves): the records stay in the journal.
        this.#deps.log("drain failed", { error: String((error as Error).stack ?? error) });
        this.#deps.state.stats.lastError = (error as Error).message;
        await this.#deps.quarantine(items.flatMap(({ decoded }) => (decoded ? [{ item: decoded, error: error as Error }] : [])));
        this.#finish(items);
      }
    }
  }

  /** Waits for a full block, for age, or for a reader in a hurry. */
  async #untilWorthIt(): Promise<void> {
    const { queue, now } = this.#deps;
    for (;;) {
      const first = queue.peek();
      if (this.#stopping) return;
      if (first) {
        const age = now() - first.atMs;
        const patience = this.#patienceMs();
        if (queue.spans >= BLOCK_SPANS || age >= patience) return;
        await this.#sleep(patience - age);
      } else {
        this.#hurry = false;
        await this.#sleep(QUIET_MS);
        if (queue.length === 0 && !this.#stopping) this.#rest();
      }
    }
  }

  /** How old the first record may become before its block is closed. */
  #patienceMs(): number {
    if (!this.#hurry) return BLOCK_MS;
    return this.#deps.queue.spans < THICK_SPANS ? HURRIED_BLOCK_MS : HURRIED_THICK_BLOCK_MS;
  }

  /** Nothing came for a while: let go of what only a busy writer needs. Late spans read their trace back from the store. */
  #rest(): void {
    this.#deps.state.live.evict(this.#deps.now());
    if (!this.#rested) this.#letGo();
    releaseMemory(); // readers leave something behind as well
  }

  #letGo(): void {
    this.#rested = true;
    this.#deps.state.live.evictAll();
    this.#block = undefined;
    this.#fresh.index();
    this.#deps.journal.trim().catch((error: unknown) => this.#deps.log("journal not trimmed", { error: String(error) }));
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Work has left the queue: senders that waited go on. */
  #admit(): void {
    if (this.#crowd.length === 0 || this.#deps.queue.isCrowded) return;
    for (const { resolve, timer } of this.#crowd) {
      clearTimeout(timer);
      resolve();
    }
    this.#crowd = [];
  }

  #take(): QueueItem<Item>[] {
    const { queue } = this.#deps;
    const taken: QueueItem<Item>[] = [];
    let spans = 0;
    let bytes = 0;
    for (let next = queue.peek(); next; next = queue.peek()) {
      if (taken.length > 0 && (spans + next.spans > MAX_BLOCK_SPANS || bytes + next.bytes > MAX_BLOCK_BYTES)) break;
      if (next.alone && taken.length > 0) break;
      queue.shift();
      taken.push(next);
      spans += next.spans;
      bytes += next.bytes;
      if (next.alone) break;
    }
    this.#admit();
    return taken;
  }

  async #drain(taken: readonly QueueItem<Item>[]): Promise<void> {
    this.#rested = false;
    const items: Item[] = [];
    for (const item of taken) items.push((item.decoded ??= await this.#readBack(item)));
    const prepared = await this.#prepare(items);
    await this.#store(prepared, items);
    this.#open.delete(prepared.version);
    this.#finish(taken);
    this.#fresh.wait();
    this.#deps.state.live.evict(this.#deps.now());
    if (prepared.traces.length > 0) this.#deps.onTraces(prepared.traces);
  }

  async #readBack(item: QueueItem<Item>): Promise<Item> {
    if (!item.end) throw new Error("an item without a place in the journal lost its content");
    return decodeItem(await this.#deps.journal.read(item.end, item.bytes), this.readWith);
  }

  async #prepare(items: readonly Item[]): Promise<Prepared> {
    const { state, engine, questions, now } = this.#deps;
    if (items.some((item) => item.type === "traces")) await (this.#recalled ??= this.#recall());
    const wanted = touchedTraces(items);
    await hydrate({ engine, questions, live: state.live, seen: state.seen }, wanted, now());
    const starts = await assessedStarts({ questions, live: state.live }, items);
    const next = BigInt(now()) * 1_000_000n;
    this.#version = next > this.#version ? next : this.#version + 1n;
    this.#open.add(this.#version);
    try {
      const assembler = new BlockAssembler(state, now(), this.#version, this.#emptyBlock(), starts);
      assembler.addAll(items);
      // A large trace may wait for the next block only when there is one.
      return assembler.finish(this.#hurry || this.#stopping || this.#deps.queue.length === 0);
    } catch (error) {
      this.#open.delete(this.#version);
      throw error;
    }
  }

  #emptyBlock(): Block {
    this.#block ??= new Block();
    this.#block.clear();
    return this.#block;
  }

  async #recall(): Promise<void> {
    const { engine, state, now } = this.#deps;
    await recallResponses(engine, state.responses, now()).catch((error: unknown) =>
      this.#deps.log("responses before the start not recalled; a call reported again in another trace counts twice", { error: String(error) }),
    );
  }

  /** Log records came after their spans: these are read back from the store, read with their messages, and stored again. */
  async #prepareAgain(late: Prepared["late"]): Promise<Prepared> {
    const { state, questions, now } = this.#deps;
    this.#version += 1n;
    const assembler = new BlockAssembler(state, now(), this.#version);
    for (const [live, spanIds] of late) {
      const payloads = await questions.payloadsOf({ projectIds: [live.projectId] }, live.traceId, [...spanIds]);
      const raws = payloads.map((payload) => unpackRaw(payload.raw, { traceId: live.traceId, spanId: payload.spanId }, payload.inputs, payload.outputs));
      assembler.addAgain(prepareSpans(raws, { fixed: live.projectId }, this.readWith).groups);
    }
    return assembler.finish(true);
  }

  /** Log records are known of a span whose trace is in memory. */
  readonly readWith: ReadWith = {
    logsOf: (projectId, traceId, spanId) => this.#deps.state.live.get(projectId, traceId)?.logs.get(spanId),
    prices: () => this.#deps.prices(),
  };

  async #store(prepared: Prepared, items: readonly Item[]): Promise<void> {
    await this.#write(prepared, items);
    if (prepared.late.size > 0) await this.#write(await this.#prepareAgain(prepared.late), []);
  }

  async #write(prepared: Prepared, items: readonly Item[]): Promise<void> {
    const { engine, state } = this.#deps;
    for (let attempt = 1; ; attempt += 1) {
      try {
        await Promise.all(prepared.blobs.map((blob) => this.#deps.putBlob(blob)));
        await writeBlock(engine, prepared.block, String(prepared.version));
        if (prepared.moved.length > 0) await moveTraces(engine, prepared.moved, prepared.version);
        if (prepared.recounts.length > 0) await recountSpans(engine, prepared.recounts, prepared.version);
        // After them, so that a span that is both recounted and repriced keeps both.
        if (prepared.reprices.length > 0) await repriceSpans(engine, prepared.reprices, prepared.version + 1n);
        await this.#delete(items, prepared.version);
        state.stats.blocks += 1;
        state.stats.lastError = null;
        return;
      } catch (error) {
        state.stats.lastError = (error as Error).message;
        const transient = error instanceof TelltaleError;
        this.#deps.log("block not stored, trying again", { attempt, error: (error as Error).message });
        if (!transient && attempt >= ATTEMPTS_BEFORE_QUARANTINE) {
          state.stats.quarantined += 1;
          await this.#deps.quarantine(items.map((item) => ({ item, error: error as Error })));
          return;
        }
        if (this.#stopping && attempt >= 3) throw error;
        await new Promise((resolve) => setTimeout(resolve, Math.min(5_000, 100 * 2 ** attempt)));
      }
    }
  }

  async #delete(items: readonly Item[], version: bigint): Promise<void> {
    for (const item of items) {
      if (item.type !== "commands") continue;
      for (const command of item.commands) {
        if (command.type !== "traces_delete") continue;
        this.#deps.state.live.drop(command.projectId, command.traceIds);
        await deleteTraces(this.#deps.engine, command.projectId, command.traceIds, version + 1n);
        await this.#deps.onDeleted(command.projectId, command.traceIds);
      }
    }
  }

  #finish(taken: readonly QueueItem<Item>[]): void {
    const { queue, journal } = this.#deps;
    queue.finish(taken);
    const last = taken.findLast((item) => item.end !== undefined)?.end;
    if (last) {
      const bytes = taken.reduce((sum, item) => sum + item.bytes, 0);
      journal.checkpoint(last, bytes).catch((error: unknown) => this.#deps.log("checkpoint not written; a restart replays more", { error: String(error) }));
    }
    while (this.#waiters[0] && this.#waiters[0].upTo <= queue.done) this.#waiters.shift()?.resolve();
    if (this.#waiters.length === 0) this.#hurry = false;
  }
}

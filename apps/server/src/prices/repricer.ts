import { setTimeout as sleep } from "node:timers/promises";
import { priceCall } from "@telltale/ingest/pricing";
import { TelltaleError } from "@telltale/model";
import type { RepriceOut } from "@telltale/model/api";
import { parseFilter } from "@telltale/model/filter";
import {
  type Engine,
  type RepriceJob,
  type RepriceJobs,
  type StoredCall,
  type WalkQuery,
  type WalkedTrace,
  callsOf,
  countWalk,
  walkSteps,
  walkTraces,
} from "@telltale/store";
import { parseTimestamp } from "../http/native/wire/timestamp.ts";
import type { Command, Ingest, Repriced } from "../pipeline/ingest.ts";
import type { ServerLog } from "../server-log.ts";
import type { PriceBook } from "./price-book.ts";
import { type RepriceProgress, type RepriceQuestion, Tallies, isSameCost, newProgress, toRepriceOut } from "./reprice-progress.ts";

export interface RepricerDeps {
  engine: Engine;
  jobs: Pick<RepriceJobs, "create" | "find" | "list" | "update">;
  prices: PriceBook;
  ingest: Pick<Ingest, "apply" | "readable">;
  log: Pick<ServerLog, "warn" | "info">;
}

/** Traces of one step: small enough that a kill repeats little, large enough that the step is mostly work. */
const TRACES_OF_STEP = 500;
/** A few traces of very many spans are a step of their own. */
const SPANS_OF_STEP = 20_000;
/** What others do has half of the time: a step is followed by as long a rest, at most this. */
const MAX_REST_MS = 1_000;
const ATTEMPTS = 6;

/**
 * Prices stored model calls again, at the prices of now. It walks through the traces in order of time, compares, and gives
 * what changed to `Ingest` like any other change. How far it is is kept in the metadata database after each step: a run
 * that was cut off goes on at the next start, and what it did twice changes nothing.
 */
export class Repricer {
  readonly #deps: RepricerDeps;
  #running: { id: string; abort: AbortController; done: Promise<void> } | undefined;

  constructor(deps: RepricerDeps) {
    this.#deps = deps;
  }

  /** Throws `already_exists` while another run goes on, `filter_invalid` and `bad_request` for what cannot be asked. */
  async start(question: RepriceQuestion): Promise<RepriceOut> {
    walkOf(question); // throws
    const job = await this.#deps.jobs.create(question, newProgress());
    this.#run(job);
    return toRepriceOut(job);
  }

  async find(id: string): Promise<RepriceOut> {
    const job = await this.#deps.jobs.find(id);
    if (!job) throw new TelltaleError("not_found", `There is no repricing run ${id}`);
    return toRepriceOut(job);
  }

  async list(limit: number): Promise<RepriceOut[]> {
    return (await this.#deps.jobs.list(limit)).map(toRepriceOut);
  }

  /** What was done stays done. Of a run that has ended nothing changes. */
  async cancel(id: string): Promise<RepriceOut> {
    await this.find(id);
    await this.#deps.jobs.update(id, { state: "cancelled" });
    if (this.#running?.id === id) {
      this.#running.abort.abort();
      await this.#running.done;
    }
    return this.find(id);
  }

  /** Goes on with the run that the end of the last process cut off, if any. */
  async resume(): Promise<void> {
    const [last] = await this.#deps.jobs.list(1);
    if (last?.state === "running") this.#run(last);
  }

  /** Ends the current step; the next start goes on from there. */
  async stop(): Promise<void> {
    this.#running?.abort.abort();
    await this.#running?.done;
  }

  /** Resolves when nothing runs. */
  async settled(): Promise<void> {
    await this.#running?.done;
  }

  #run(job: RepriceJob): void {
    const abort = new AbortController();
    const done = this.#walk(job, abort.signal)
      .catch(async (error: unknown) => {
        if (abort.signal.aborted) return;
        this.#deps.log.warn({ err: error, job: job.id }, "repricing failed");
        const message = error instanceof TelltaleError ? error.message : "It failed unexpectedly; the server's log says why";
        await this.#deps.jobs.update(job.id, { state: "failed", error: message });
      })
      .catch((error: unknown) => this.#deps.log.warn({ err: error, job: job.id }, "the end of a repricing run could not be noted"))
      .finally(() => {
        if (this.#running?.id === job.id) this.#running = undefined;
      });
    this.#running = { id: job.id, abort, done };
  }

  async #walk(job: RepriceJob, signal: AbortSignal): Promise<void> {
    const { engine, jobs } = this.#deps;
    const question = job.question as RepriceQuestion; // written by `start`
    const query = walkOf(question);
    const progress = job.progress as RepriceProgress; // written below
    await this.#patiently(() => this.#drained(signal), signal);
    if (progress.after === null) progress.tracesTotal = await this.#patiently(() => countWalk(engine, query, signal), signal);
    const steps = await this.#patiently(() => walkSteps(engine, query, progress.after?.bucket, signal), signal);
    for (const step of steps) {
      for (;;) {
        const startedMs = performance.now();
        const traces = await this.#patiently(() => walkTraces(engine, query, step, progress.after ?? undefined, TRACES_OF_STEP, signal), signal);
        for (const group of bySpans(traces)) await this.#patiently(() => this.#step(group, question.dry_run, progress, signal), signal);
        if (traces.length > 0 && !(await jobs.update(job.id, { progress }))) return; // cancelled
        if (traces.length < TRACES_OF_STEP) break;
        await sleep(Math.min(MAX_REST_MS, performance.now() - startedMs), undefined, { signal });
      }
    }
    await jobs.update(job.id, { state: "done", progress });
  }

  async #step(traces: readonly WalkedTrace[], isDryRun: boolean, progress: RepriceProgress, signal: AbortSignal): Promise<void> {
    const last = traces.at(-1);
    if (!last) return;
    const calls = await callsOf(this.#deps.engine, traces, signal);
    const tallies = new Tallies(progress.models);
    const changes = this.#compare(calls, tallies);
    if (!isDryRun && changes.length > 0) {
      await this.#deps.ingest.apply(changes);
      // What is applied is also stored before the next step: the way in never fills with this.
      await this.#drained(signal);
    }
    progress.models = tallies.models;
    progress.after = { bucket: last.bucket, projectId: last.projectId, traceId: last.traceId };
    progress.tracesDone += traces.length;
    progress.tracesChanged += changes.length;
    progress.spansChanged += changes.reduce((sum, change) => sum + change.spans.length, 0);
  }

  /** One command per trace that changes. Calls come trace by trace. */
  #compare(calls: readonly StoredCall[], tallies: Tallies): (Command & { type: "reprice" })[] {
    const { overrides } = this.#deps.prices;
    const changes: (Command & { type: "reprice" })[] = [];
    for (const call of calls) {
      const cost = priceCall(call, overrides);
      tallies.add(call, cost);
      if (isSameCost(call.cost, cost)) continue;
      const { projectId, traceId, spanId } = call;
      const change: Repriced = {
        spanId,
        was: { usd: call.cost.usd, source: call.cost.source },
        cost: { usd: cost.usd, source: cost.source, priceVersion: cost.priceVersion },
      };
      const open = changes.at(-1);
      if (open?.traceId === traceId && open.projectId === projectId) open.spans.push(change);
      else changes.push({ type: "reprice", projectId, traceId, spans: [change] });
    }
    return changes;
  }

  /** Waits until what was acknowledged can be read. */
  async #drained(signal: AbortSignal): Promise<void> {
    while (!(await this.#deps.ingest.readable())) signal.throwIfAborted();
  }

  /** A store that is away for a moment, a full way in, or a query at its limit: tried again, ever later. */
  async #patiently<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      signal.throwIfAborted();
      try {
        return await work();
      } catch (error) {
        const passes = error instanceof TelltaleError && (error.status === 503 || error.status === 429);
        if (!passes || attempt >= ATTEMPTS) throw error;
        await sleep(500 * 2 ** attempt, undefined, { signal });
      }
    }
  }
}

function walkOf(question: RepriceQuestion): WalkQuery {
  const fromNs = question.from === undefined ? undefined : parseTimestamp(question.from, "from");
  const toNs = question.to === undefined ? undefined : parseTimestamp(question.to, "to");
  if (fromNs !== undefined && toNs !== undefined && fromNs > toNs) throw new TelltaleError("bad_request", "from is later than to", { field: "from" });
  const filter = question.filter?.trim() ?? "";
  return { scope: { projectIds: question.project_ids ?? "all" }, filter: filter === "" ? undefined : parseFilter(filter), fromNs, toNs };
}

function* bySpans(traces: readonly WalkedTrace[]): Generator<WalkedTrace[]> {
  let group: WalkedTrace[] = [];
  let spans = 0;
  for (const trace of traces) {
    if (group.length > 0 && spans + trace.spanCount > SPANS_OF_STEP) {
      yield group;
      group = [];
      spans = 0;
    }
    group.push(trace);
    spans += trace.spanCount;
  }
  if (group.length > 0) yield group;
}

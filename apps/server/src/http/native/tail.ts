import type { ServerResponse } from "node:http";
import { TelltaleError, type ProjectScope, type Trace } from "@telltale/model";
import { parseFilter, type Filter } from "@telltale/model/filter";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { narrowedScope } from "../scope.ts";
import type { TypedApp } from "../typed-routes.ts";
import type { NativeDeps } from "./deps.ts";
import { toTraceSummaries } from "./wire/trace-summary.ts";

/** Every viewer costs a query per tick while traces arrive. */
const MAX_VIEWERS = 20;
const TICK_MS = 500;
const HEARTBEAT_MS = 15_000;
/** Changed traces waiting for the next tick, per viewer; more are counted in a `dropped` event. */
const MAX_WAITING = 200;
/** A viewer that does not read gets no more than this buffered. */
const MAX_UNSENT_BYTES = 4 * 1024 * 1024;

const TailQuery = z.object({
  filter: z.string().max(20_000).optional(),
  project_ids: z
    .union([z.string(), z.array(z.string())])
    .transform((ids) =>
      [ids]
        .flat()
        .flatMap((list) => list.split(","))
        .filter((id) => id !== ""),
    )
    .optional(),
});

/** Live tail as server-sent events: `traces` (summaries that changed), `dropped` ({count}), and comments as heartbeat. */
export function tailRoutes(app: TypedApp, deps: Pick<NativeDeps, "ingest" | "questions">): void {
  const viewers = new Set<Viewer>();
  endWithServer(app, viewers);
  app.get(
    "/traces/tail",
    { schema: { tags: ["traces"], summary: "Live tail: traces as they change (server-sent events)", querystring: TailQuery } },
    async (request, reply) => {
      if (viewers.size >= MAX_VIEWERS) throw new TelltaleError("overloaded", `${MAX_VIEWERS} live tails are open already`, { retryAfterS: 5 });
      const filterText = request.query.filter?.trim() ?? "";
      const filter = filterText === "" ? undefined : parseFilter(filterText);
      const viewer = new Viewer(deps, narrowedScope(request, request.query.project_ids), filter, reply.raw);
      // Headers set by hooks (security) belong to this answer too.
      for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) reply.raw.setHeader(name, value);
      reply.hijack();
      viewers.add(viewer);
      reply.raw.once("close", () => {
        viewers.delete(viewer);
        viewer.stop();
      });
      viewer.start();
    },
  );
}

/** Open streams would keep the server from closing. */
function endWithServer(app: TypedApp, viewers: Set<Viewer>): void {
  (app as FastifyInstance).addHook("preClose", async () => {
    for (const viewer of viewers) viewer.end();
  });
}

class Viewer {
  #waiting = new Map<string, Trace>();
  #dropped = 0;
  #isBusy = false;
  #tick: NodeJS.Timeout | undefined;
  #heartbeat: NodeJS.Timeout | undefined;
  #unsubscribe: (() => void) | undefined;
  readonly #abort = new AbortController();

  constructor(
    readonly deps: Pick<NativeDeps, "ingest" | "questions">,
    readonly scope: ProjectScope,
    readonly filter: Filter | undefined,
    readonly out: ServerResponse,
  ) {}

  start(): void {
    this.out.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store", "x-accel-buffering": "no" });
    this.out.write(": connected\n\n");
    this.#unsubscribe = this.deps.ingest.onTraces((traces) => this.#collect(traces));
    this.#tick = setInterval(() => void this.#send(), TICK_MS);
    this.#heartbeat = setInterval(() => this.out.write(": heartbeat\n\n"), HEARTBEAT_MS);
  }

  stop(): void {
    this.#unsubscribe?.();
    clearInterval(this.#tick);
    clearInterval(this.#heartbeat);
    this.#abort.abort();
  }

  end(): void {
    this.stop();
    this.out.end();
  }

  #collect(traces: readonly Trace[]): void {
    for (const trace of traces) {
      if (this.scope.projectIds !== "all" && !this.scope.projectIds.includes(trace.projectId)) continue;
      if (this.#waiting.size >= MAX_WAITING && !this.#waiting.has(trace.traceId)) this.#dropped += 1;
      else this.#waiting.set(trace.traceId, trace);
    }
  }

  async #send(): Promise<void> {
    if (this.#isBusy || (this.#waiting.size === 0 && this.#dropped === 0)) return;
    if (this.out.writableLength > MAX_UNSENT_BYTES) {
      this.#dropped += this.#waiting.size;
      this.#waiting.clear();
      return;
    }
    this.#isBusy = true;
    const changed = [...this.#waiting.values()];
    this.#waiting.clear();
    try {
      const matching = await this.#matching(changed);
      if (matching.length > 0) this.#event("traces", { data: matching });
    } catch {
      // A query that failed (engine restarting, limit) hides these traces from this viewer: it is told so below.
      if (!this.#abort.signal.aborted) this.#dropped += changed.length;
    } finally {
      this.#isBusy = false;
    }
    if (this.#dropped > 0) this.#event("dropped", { count: this.#dropped });
    this.#dropped = 0;
  }

  /** The store decides what matches, so that the tail and the list can never disagree about a filter. */
  async #matching(changed: readonly Trace[]): Promise<unknown[]> {
    if (changed.length === 0) return [];
    const { questions } = this.deps;
    const traces = this.filter === undefined ? changed : await this.#filtered(this.filter, changed);
    if (traces.length === 0) return [];
    const assessments = await questions.assessmentsOf(
      this.scope,
      traces.map((trace) => trace.traceId),
      this.#abort.signal,
    );
    return toTraceSummaries(traces, assessments);
  }

  async #filtered(filter: Filter, changed: readonly Trace[]): Promise<Trace[]> {
    const values = changed.map((trace) => ({ type: "string" as const, value: trace.traceId }));
    const amongThese: Filter = { kind: "compare", field: { entity: "trace", name: "trace_id" }, op: "IN", values, column: 0 };
    const fromNs = changed.reduce((first, trace) => (trace.startNs < first ? trace.startNs : first), changed[0]?.startNs ?? 0n);
    const query = { scope: this.scope, filter: { kind: "and" as const, items: [amongThese, filter] }, limit: changed.length, fromNs };
    return (await this.deps.questions.searchTraces(query, this.#abort.signal)).traces;
  }

  #event(name: string, data: unknown): void {
    this.out.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  }
}

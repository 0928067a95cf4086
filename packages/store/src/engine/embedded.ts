import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { writeFile, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { TelltaleError } from "@telltale/model";
import type { ChildReply, ChildRequest, Lane } from "./child.ts";
import type { CommandOptions, Engine, QueryOptions, QueryParam, QueryTable } from "./engine.ts";
import { engineError } from "./errors.ts";
import { readFrames, writeFrame } from "./frames.ts";
import { jsonRowBatches, parseJsonRows, rowFormat, textFormat, textSettings } from "./json-rows.ts";
import { parseTable, tableFormat, tableSettings } from "./json-table.ts";
import { columnTypes } from "./row-types.ts";
import { withLiterals } from "./literal-params.ts";
import { type SilenceLimits, defaultSilence, watchForSilence } from "./silence.ts";
import { withLimits } from "./sql-settings.ts";

export interface EmbeddedOptions {
  /** chDB's folder; created when missing. */
  dir: string;
  /** How to run the child: `[execPath, …args]`, the folder is appended. */
  command: readonly string[];
  log?: (message: string, fields?: Record<string, unknown>) => void;
  silence?: SilenceLimits;
}

interface Waiting {
  resolve: (body: Buffer) => void;
  reject: (error: Error) => void;
}

export type EngineState = "starting" | "ready" | "restarting" | "failed";

/**
 * The engine child and its restarts, also of one that hangs. A request that was running when the child died fails with
 * `store_unavailable`.
 */
export class EmbeddedEngine implements Engine {
  readonly #options: EmbeddedOptions;
  readonly #waiting = new Map<number, Waiting>();
  readonly #spool: string;
  #child: ChildProcess | undefined;
  #socket: Duplex | undefined;
  #ready: Promise<void>;
  #nextId = 1;
  #closing = false;
  #failures = 0;
  #endWatch = (): void => {};
  state: EngineState = "starting";
  restarts = 0;
  version = "";

  constructor(options: EmbeddedOptions) {
    this.#options = options;
    this.#spool = join(options.dir, "..", "engine-spool");
    rmSync(this.#spool, { recursive: true, force: true });
    mkdirSync(this.#spool, { recursive: true });
    this.#ready = this.#start();
    this.#ready.catch(() => {}); // callers see it through ready() and their own requests
  }

  /** Resolves when the child answers for the first time; rejects when it cannot start. */
  ready(): Promise<void> {
    return this.#ready;
  }

  get dir(): string {
    return this.#options.dir;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  async query<Row>(sql: string, params?: Record<string, QueryParam>, options?: QueryOptions): Promise<Row[]> {
    return parseJsonRows<Row>(await this.#request(sql, params, rowFormat, options?.lane ?? "page", options));
  }

  async queryBatches<Row>(sql: string, params?: Record<string, QueryParam>, options?: QueryOptions): Promise<Iterable<Row[]>> {
    return jsonRowBatches<Row>(await this.#request(sql, params, rowFormat, options?.lane ?? "page", options));
  }

  async queryJson(sql: string, params?: Record<string, QueryParam>, options: QueryOptions = {}): Promise<Buffer> {
    const settings = [...textSettings, ...(options.settings ?? [])];
    return await this.#request(sql, params, textFormat, options.lane ?? "page", { ...options, settings });
  }

  async queryTable(sql: string, params?: Record<string, QueryParam>, options: QueryOptions = {}): Promise<QueryTable> {
    const settings = [...tableSettings, ...(options.settings ?? [])];
    return parseTable(await this.#request(sql, params, tableFormat, options.lane ?? "page", { ...options, settings, holdsForeignSql: true }), options);
  }

  async command(sql: string, params?: Record<string, QueryParam>, options?: CommandOptions): Promise<void> {
    await this.#request(sql, params, "TSV", options?.lane ?? "write", options);
  }

  async insert(table: string, columns: readonly string[], rowBinary: Uint8Array, token: string): Promise<void> {
    const path = join(this.#spool, `${this.#nextId}-${table}.bin`);
    await writeFile(path, rowBinary);
    try {
      // materialize_skip_indexes_on_insert = 0: the text index is built by the merge that follows, at half the CPU (measured).
      const sql =
        `INSERT INTO ${table} (${columns.join(", ")}) SELECT ${columns.join(", ")} FROM file('${path.replaceAll("'", "\\'")}', RowBinary, '${columnTypes(table, columns)}') ` +
        `SETTINGS insert_deduplication_token = '${token.replaceAll("'", "")}', deduplicate_blocks_in_dependent_materialized_views = 1, materialize_skip_indexes_on_insert = 0, max_threads = 1, max_insert_threads = 1`;
      await this.#request(sql, undefined, "TSV", "write", undefined);
    } finally {
      await unlink(path).catch(() => {}); // the spool is emptied at start as well
    }
  }

  async close(): Promise<void> {
    this.#closing = true;
    const child = this.#child;
    this.#endWatch();
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    if (this.#socket) writeFrame(this.#socket, { close: true });
    this.#socket?.end();
    const hard = setTimeout(() => child.kill("SIGKILL"), 4000);
    await gone;
    clearTimeout(hard);
  }

  async #request(sql: string, params: Record<string, QueryParam> | undefined, format: string, lane: Lane, options: QueryOptions | undefined): Promise<Buffer> {
    options?.signal?.throwIfAborted();
    await this.#ready;
    const id = this.#nextId++;
    const socket = this.#socket;
    if (!socket || this.state !== "ready") throw unavailable();
    const text = options === undefined && lane === "write" ? sql : withLimits(sql, `q${id}`, options);
    const request: ChildRequest = { id, format, lane, ...bound(text, params, options?.holdsForeignSql === true) };
    const abort = (): void => writeFrame(socket, { cancel: id });
    options?.signal?.addEventListener("abort", abort, { once: true });
    try {
      return await new Promise<Buffer>((resolve, reject) => {
        this.#waiting.set(id, { resolve, reject });
        writeFrame(socket, request);
      });
    } finally {
      options?.signal?.removeEventListener("abort", abort);
    }
  }

  #start(): Promise<void> {
    const [executable = process.execPath, ...args] = this.#options.command;
    // Two libuv threads more than there are connections: a waiting statement never blocks another lane.
    const child = spawn(executable, [...args, this.#options.dir], {
      stdio: ["ignore", "ignore", "inherit", "pipe"],
      env: { ...process.env, UV_THREADPOOL_SIZE: "9", MALLOC_ARENA_MAX: "2" },
      detached: false,
    });
    this.#child = child;
    const socket = child.stdio[3] as unknown as Duplex;
    this.#socket = socket;
    socket.on("error", () => {}); // the exit handler tells
    return new Promise((resolve, reject) => {
      readFrames(socket, (frame) => {
        if (frame.kind === "result") this.#settle(frame.id, (waiting) => waiting.resolve(frame.body));
        else this.#reply(frame.message as ChildReply, resolve);
      });
      let isGone = false;
      const gone = (how: Record<string, unknown>): void => {
        if (!isGone) this.#exited(how, reject);
        isGone = true;
      };
      child.on("error", (error) => gone({ error: error.message })); // could not be started
      child.on("exit", (code, signal) => gone({ code, signal }));
    });
  }

  #reply(reply: ChildReply, started: () => void): void {
    if ("ready" in reply) {
      this.state = "ready";
      this.#failures = 0;
      this.version = reply.version;
      this.#endWatch = this.#watch();
      started();
      return;
    }
    this.#settle(reply.id, (waiting) => waiting.reject(engineError(reply.error, reply.code)));
  }

  /** A child that answers nothing is killed, which starts the next one; the journal holds what it did not store. */
  #watch(): () => void {
    const child = this.#child;
    const ask = (): Promise<Buffer> => this.#request("SELECT 1", undefined, "TSV", "control", undefined);
    const kill = (): void => {
      this.#options.log?.("engine child does not answer, ending it", { pid: child?.pid });
      child?.kill("SIGKILL");
    };
    return watchForSilence(ask, kill, this.#options.silence ?? defaultSilence);
  }

  #settle(id: number, how: (waiting: Waiting) => void): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (waiting) how(waiting);
  }

  #exited(how: Record<string, unknown>, reject: (error: Error) => void): void {
    const wasReady = this.state === "ready";
    this.#endWatch();
    for (const waiting of this.#waiting.values()) waiting.reject(unavailable());
    this.#waiting.clear();
    if (this.#closing) return;
    this.#failures += 1;
    this.#options.log?.("engine child ended", { ...how, failures: this.#failures });
    if (!wasReady && this.restarts === 0) {
      this.state = "failed";
      reject(new Error(`The analytics engine could not start (${Object.values(how).find((part) => part !== null)}).`));
      return;
    }
    reject(unavailable()); // of no consequence when it was ready; who waited for a restart that failed asks again
    this.state = "restarting";
    this.restarts += 1;
    const backoffMs = Math.min(10_000, 100 * 2 ** Math.min(this.#failures - 1, 7));
    const restarted = new Promise<void>((resolve, fail) => {
      setTimeout(() => {
        if (this.#closing) fail(unavailable());
        else this.#start().then(resolve, fail);
      }, backoffMs);
    });
    restarted.catch(() => {}); // a further failure schedules its own restart
    this.#ready = restarted;
  }
}

function unavailable(): TelltaleError {
  return new TelltaleError("store_unavailable", "The analytics engine is restarting; try again in a moment.", { retryAfterS: 1 });
}

/** Values as literals where that can be done safely, else for the driver to bind. */
function bound(sql: string, params: Record<string, QueryParam> | undefined, isForeign: boolean): Pick<ChildRequest, "sql" | "params"> {
  if (params === undefined || Object.keys(params).length === 0) return { sql };
  const plain = plainParams(params);
  const whole = isForeign ? undefined : withLiterals(sql, plain);
  return whole === undefined ? { sql, params: plain } : { sql: whole };
}

function plainParams(params: Record<string, QueryParam>): Record<string, unknown> {
  const plain: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(params)) {
    plain[name] =
      typeof value === "bigint" ? value.toString() : Array.isArray(value) ? value.map((item) => (typeof item === "bigint" ? item.toString() : item)) : value;
  }
  return plain;
}

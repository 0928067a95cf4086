import { Readable } from "node:stream";
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from "@clickhouse/client";
import { TelltaleError } from "@telltale/model";
import type { CommandOptions, Engine, QueryOptions, QueryParam, QueryTable } from "./engine.ts";
import { engineError } from "./errors.ts";
import { jsonRowBatches, parseJsonRows, rowFormat, textFormat, textSettings } from "./json-rows.ts";
import { parseTable, tableFormat, tableSettings } from "./json-table.ts";
import { withLimits } from "./sql-settings.ts";

/** The same engine on a ClickHouse server (26.x) or cluster, over HTTP. */
export class ClickHouseEngine implements Engine {
  readonly #client: ClickHouseClient;
  #nextId = 1;

  constructor(url: string) {
    this.#client = createClient({
      url,
      request_timeout: 60_000,
      max_open_connections: 8,
      compression: { request: false, response: false },
      log: { level: ClickHouseLogLevel.OFF },
    });
  }

  async ready(): Promise<void> {
    await this.query("SELECT 1 AS one");
  }

  async query<Row>(sql: string, params?: Record<string, QueryParam>, options?: QueryOptions): Promise<Row[]> {
    return parseJsonRows<Row>(await this.#ask(sql, params, rowFormat, options));
  }

  async queryBatches<Row>(sql: string, params?: Record<string, QueryParam>, options?: QueryOptions): Promise<Iterable<Row[]>> {
    return jsonRowBatches<Row>(await this.#ask(sql, params, rowFormat, options));
  }

  async queryJson(sql: string, params?: Record<string, QueryParam>, options: QueryOptions = {}): Promise<Buffer> {
    const settings = [...textSettings, ...(options.settings ?? [])];
    return await this.#ask(sql, params, textFormat, { ...options, settings });
  }

  async queryTable(sql: string, params?: Record<string, QueryParam>, options: QueryOptions = {}): Promise<QueryTable> {
    const settings = [...tableSettings, ...(options.settings ?? [])];
    return parseTable(await this.#ask(sql, params, tableFormat, { ...options, settings }), options);
  }

  async #ask(
    sql: string,
    params: Record<string, QueryParam> | undefined,
    format: typeof rowFormat | typeof tableFormat | typeof textFormat,
    options: QueryOptions | undefined,
  ): Promise<Buffer> {
    options?.signal?.throwIfAborted();
    const tag = `t${process.pid}q${this.#nextId++}`;
    const abort = (): void => {
      this.#client.command({ query: "KILL QUERY WHERE Settings['log_comment'] = {tag:String} ASYNC", query_params: { tag } }).catch(() => {}); // it may have ended by itself
    };
    options?.signal?.addEventListener("abort", abort, { once: true });
    try {
      const result = await this.#client.query({ query: withLimits(sql, tag, options), format, ...(params ? { query_params: params } : {}) });
      return Buffer.from(await result.text());
    } catch (error) {
      throw translated(error);
    } finally {
      options?.signal?.removeEventListener("abort", abort);
    }
  }

  async command(sql: string, params?: Record<string, QueryParam>, options?: CommandOptions): Promise<void> {
    options?.signal?.throwIfAborted();
    const query = options === undefined ? sql : withLimits(sql, `t${process.pid}c${this.#nextId++}`, options);
    await this.#client.command({ query, ...(params ? { query_params: params } : {}) }).catch((error: unknown) => {
      throw translated(error);
    });
  }

  async insert(table: string, columns: readonly string[], rowBinary: Uint8Array, token: string): Promise<void> {
    try {
      const result = await this.#client.exec({
        query: `INSERT INTO ${table} (${columns.join(", ")}) SETTINGS insert_deduplication_token = '${token.replaceAll("'", "")}', deduplicate_blocks_in_dependent_materialized_views = 1, materialize_skip_indexes_on_insert = 0 FORMAT RowBinary`,
        values: Readable.from([rowBinary], { objectMode: false }),
      });
      for await (const _ of result.stream); // the insert is done when the answer has ended
    } catch (error) {
      throw translated(error);
    }
  }

  async close(): Promise<void> {
    await this.#client.close();
  }
}

function translated(error: unknown): Error {
  const known = error as { code?: string; message?: string };
  const code = Number(known.code);
  if (Number.isInteger(code)) return engineError(known.message ?? "", code);
  return new TelltaleError("store_unavailable", `The ClickHouse server does not answer: ${known.message ?? String(error)}`, { cause: error, retryAfterS: 2 });
}

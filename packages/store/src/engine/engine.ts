/** A bound query parameter: `{name:Type}` in the SQL. */
export type QueryParam = string | number | bigint | boolean | null | readonly (string | number | bigint)[];

export interface QueryOptions {
  signal?: AbortSignal | undefined;
  /** Default 10. A query over its limit throws `query_limit`. */
  maxSeconds?: number;
  /** Default 1 GiB. */
  maxMemoryBytes?: number;
  /** `heavy` work (scans, counts, facets), `figures` (many at once) and the long way of a `search` have their own connections: they cannot delay a
   * page. `write` waits for the inserts before it. Default `page`.
   */
  lane?: "page" | "search" | "heavy" | "figures" | "write";
  /** For `queryTable`: a larger answer throws `query_limit`. */
  maxResultBytes?: number;
  /** The statement holds SQL that others wrote. Values are then bound by the driver, one such statement at a time. */
  holdsForeignSql?: boolean;
  /** Further settings of the statement, as SQL (`name = value`). Never from outside. */
  settings?: readonly string[];
}

/** An answer whose columns are not known beforehand. */
export interface QueryTable {
  columns: { name: string; type: string }[];
  /** In the order of the columns; integers beyond 2^53 as strings. */
  rows: unknown[][];
  rowsRead: number;
}

/** For work that must not hold up what is received, such as copying rows in the background. */
export type CommandOptions = Pick<QueryOptions, "signal" | "maxSeconds" | "maxMemoryBytes"> & { lane: "heavy" };

/** The analytics engine, embedded or a server: the same SQL, the same row format. */
export interface Engine {
  /** Rows as objects. 64-bit integers come as strings (output_format_json_quote_64bit_integers = 1). */
  query<Row>(sql: string, params?: Record<string, QueryParam>, options?: QueryOptions): Promise<Row[]>;
  /** The same for answers of many rows: the query is done when it resolves, rows are parsed batch by batch as they are read. */
  queryBatches<Row>(sql: string, params?: Record<string, QueryParam>, options?: QueryOptions): Promise<Iterable<Row[]>>;
  /** Rows as the engine writes them: JSON objects, one a line. Integers are numbers, those beyond 2^53 too. */
  queryJson(sql: string, params?: Record<string, QueryParam>, options?: QueryOptions): Promise<Buffer>;
  /** For queries of others: rows as lists, with the names and types of their columns. Times are RFC 3339. */
  queryTable(sql: string, params?: Record<string, QueryParam>, options?: QueryOptions): Promise<QueryTable>;
  /** DDL and mutations. With options: on that lane (default `write`) and within those limits. */
  command(sql: string, params?: Record<string, QueryParam>, options?: CommandOptions): Promise<void>;
  /** Rows as RowBinary in the order of `columns`; a block whose token was seen is dropped. Durable when it resolves. */
  insert(table: string, columns: readonly string[], rowBinary: Uint8Array, token: string): Promise<void>;
  close(): Promise<void>;
}

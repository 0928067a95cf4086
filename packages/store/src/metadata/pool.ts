import pg from "pg";

export interface PoolOptions {
  connection: { connectionString: string } | { host: string; user: string; database: string };
  /** Told when the server cuts a connection; the pool opens another, and the next question shows whether that works. */
  onLost: (error: Error) => void;
}

const MAX_CONNECTIONS = 8;
const CONNECT_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 15_000;
const IDLE_MS = 10_000; // a connection is a process of several MB

export function openPool({ connection, onLost }: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    ...connection,
    max: MAX_CONNECTIONS,
    idleTimeoutMillis: IDLE_MS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    application_name: "telltale",
    types: { getTypeParser },
  });
  pool.on("error", onLost);
  // The pool listens only while a connection is idle; cut between two statements of a transaction, it would end the process.
  pool.on("connect", (client) => client.on("error", onLost));
  return pool;
}

const INT8 = 20;

/** 64-bit integers here are milliseconds and counts, well inside what a number holds; the driver would give text. */
function getTypeParser(oid: number, format?: "text" | "binary"): (value: string) => unknown {
  return oid === INT8 ? Number : pg.types.getTypeParser(oid, format === "binary" ? "text" : format);
}

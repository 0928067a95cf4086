import type { QueryOptions } from "./engine.ts";

const DEFAULT_SECONDS = 10;
const DEFAULT_MEMORY = 1024 * 1024 * 1024;

/**
 * Adds the limits to a query as part of its text: settings passed any other way would stay on a pooled connection.
 * `tag` finds the running query again for KILL QUERY.
 */
export function withLimits(sql: string, tag: string, options: QueryOptions = {}): string {
  const limits = [
    `max_execution_time = ${options.maxSeconds ?? DEFAULT_SECONDS}`,
    `max_memory_usage = ${options.maxMemoryBytes ?? DEFAULT_MEMORY}`,
    "output_format_json_quote_64bit_integers = 1",
    `log_comment = '${tag}'`,
    ...(options.settings ?? []),
  ].join(", ");
  const trimmed = sql.trimEnd();
  return /\bSETTINGS\s[^()]*$/.test(trimmed) ? `${trimmed}, ${limits}` : `${trimmed} SETTINGS ${limits}`;
}

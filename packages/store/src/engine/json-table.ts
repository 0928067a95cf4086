import { TelltaleError } from "@telltale/model";
import { isSafeNumber, parse } from "lossless-json";
import type { QueryOptions, QueryTable } from "./engine.ts";

/** The format that `parseTable` reads, and the settings that make it. */
export const tableFormat = "JSONCompact" as const;
export const tableSettings: readonly string[] = ["output_format_json_quote_64bit_integers = 0", "date_time_output_format = 'iso'"];

/** Shorter numbers fit into a double, whatever they are. */
const LONG_NUMBER = /\d{16}/;

export function parseTable(body: Buffer, { maxResultBytes = Infinity }: QueryOptions): QueryTable {
  if (body.length > maxResultBytes)
    throw new TelltaleError(
      "query_limit",
      `The result is larger than ${maxResultBytes.toLocaleString("en-US")} bytes; select fewer columns or rows, or shorten texts.`,
    );
  const text = body.toString("utf8");
  // Parsing without loss is many times slower, and few answers hold numbers that need it.
  const answer = (LONG_NUMBER.test(text) ? parse(text, undefined, safeNumber) : JSON.parse(text)) as {
    meta: { name: string; type: string }[];
    data: unknown[][];
    statistics: { rows_read: number };
  };
  return { columns: answer.meta, rows: answer.data, rowsRead: answer.statistics.rows_read };
}

/** Integers that a double cannot hold stay text; of fractions the digits beyond a double are dropped. */
function safeNumber(text: string): number | string {
  return isSafeNumber(text, { approx: true }) ? Number(text) : text;
}

import { TelltaleError } from "@telltale/model";
import { parseTimestamp } from "../native/wire/timestamp.ts";
import { invalidParameter } from "./errors.ts";

/** 2200-01-01, and fifty years: together still a time that 64 bits of nanoseconds can hold. What is beyond is a mistake. */
const MAX_TIME_MS = 7_258_118_400_000;
const MAX_DURATION_MS = 50 * 366 * 86_400_000;

/** A time in milliseconds as the V2 API has it. Throws MLflow's 400 for one that no trace can have. */
export function checkedTimeMs(ms: number, name: string): number {
  if (ms >= 0 && ms <= MAX_TIME_MS) return ms;
  throw invalidParameter(`Invalid value ${ms} for parameter '${name}' supplied: expected a time between 1970 and 2200.`);
}

/** protobuf's Timestamp (RFC 3339) in milliseconds; undefined when it was not sent. */
export function timestampMs(text: string | undefined, name: string): number | undefined {
  if (text === undefined || text === "") return undefined;
  try {
    return checkedTimeMs(Number(parseTimestamp(text, name) / 1_000_000n), name);
  } catch (error) {
    if (error instanceof TelltaleError)
      throw invalidParameter(`Invalid value ${JSON.stringify(text.slice(0, 100))} for parameter '${name}' supplied: ${error.message}.`);
    throw error;
  }
}

/** protobuf's JSON of a Timestamp: 0 or 3 digits of a second. */
export function timestampText(ms: number): string {
  return new Date(ms).toISOString().replace(".000Z", "Z");
}

/** protobuf's JSON of a Duration: seconds with 0 or 3 digits. */
export function durationText(ms: number): string {
  const whole = Math.max(0, Math.round(ms));
  return whole % 1000 === 0 ? `${whole / 1000}s` : `${(whole / 1000).toFixed(3)}s`;
}

/** protobuf's Duration (`"1.5s"`) in milliseconds. */
export function durationMs(text: string | undefined, name: string): number | undefined {
  if (text === undefined || text === "") return undefined;
  const match = /^(\d{1,12}(?:\.\d{1,9})?)s$/.exec(text);
  if (match === null)
    throw invalidParameter(`Invalid value ${JSON.stringify(text.slice(0, 100))} for parameter '${name}' supplied: expected a duration such as "0.5s".`);
  const ms = Math.round(Number(match[1]) * 1e9) / 1e6;
  if (ms > MAX_DURATION_MS) throw invalidParameter(`Invalid value ${JSON.stringify(text)} for parameter '${name}' supplied: longer than fifty years.`);
  return ms;
}

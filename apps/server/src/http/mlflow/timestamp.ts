import { TelltaleError } from "@telltale/model";
import { parseTimestamp } from "../native/wire/timestamp.ts";
import { invalidParameter } from "./errors.ts";

/** protobuf's Timestamp (RFC 3339) in milliseconds; undefined when it was not sent. */
export function timestampMs(text: string | undefined, name: string): number | undefined {
  if (text === undefined || text === "") return undefined;
  try {
    return Number(parseTimestamp(text, name) / 1_000_000n);
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
  return Math.round(Number(match[1]) * 1e9) / 1e6;
}

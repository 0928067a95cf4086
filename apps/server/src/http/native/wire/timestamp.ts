import { TelltaleError } from "@telltale/model";

/** 9999-12-31: the last year RFC 3339 can write. */
const MAX_MS = 253_402_300_799_999;

/** RFC 3339 in UTC, with as many digits as the time has: milliseconds at least, micro- or nanoseconds where they are not zero. */
export function formatTimestamp(ns: bigint): string {
  const ms = Number(ns / 1_000_000n);
  if (ns < 0n || ms > MAX_MS) return formatMs(ns < 0n ? 0 : MAX_MS);
  const rest = Number(ns % 1_000_000n);
  const text = new Date(ms).toISOString();
  if (rest === 0) return text;
  const digits = String(rest).padStart(6, "0");
  return `${text.slice(0, -1)}${digits.endsWith("000") ? digits.slice(0, 3) : digits}Z`;
}

export function formatMs(ms: number): string {
  return new Date(ms).toISOString();
}

const RFC3339 = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9})\d*)?([Zz]|[+-]\d{2}:\d{2})$/;

/** Nanoseconds since 1970, or a `bad_request` that names the field. Digits beyond nanoseconds are ignored. */
export function parseTimestamp(text: string, field: string): bigint {
  const match = RFC3339.exec(text);
  const seconds = match === null ? Number.NaN : Date.parse(`${match[1]}T${match[2]}${(match[4] ?? "Z").toUpperCase()}`);
  if (match === null || Number.isNaN(seconds) || seconds < 0) {
    throw new TelltaleError("bad_request", `${field} must be an RFC 3339 time such as 2026-11-23T09:00:00Z`, { field });
  }
  return BigInt(seconds) * 1_000_000n + BigInt((match[3] ?? "").padEnd(9, "0"));
}

import { TelltaleError } from "@telltale/model";

/** 9999-12-31T23:59:59: the last second RFC 3339 can write. */
const MAX_SECOND = 253_402_300_799;

/** Spans of a trace share their seconds: the date is written once for each. */
let lastSecond = -1;
let lastPrefix = "";

/** RFC 3339 in UTC, with as many digits as the time has: milliseconds at least, micro- or nanoseconds where they are not zero. */
export function formatTimestamp(ns: bigint): string {
  return formatSeconds(Number(ns / 1_000_000_000n), Number(ns % 1_000_000_000n));
}

/** The same of whole seconds and the nanoseconds after them (both negative before 1970). */
export function formatSeconds(second: number, nano: number): string {
  const isEarly = second < 0 || nano < 0;
  if (isEarly || second > MAX_SECOND) return formatMs(isEarly ? 0 : MAX_SECOND * 1000);
  if (second !== lastSecond) {
    lastPrefix = new Date(second * 1000).toISOString().slice(0, 20);
    lastSecond = second;
  }
  const digits = String(nano).padStart(9, "0");
  if (!digits.endsWith("000")) return `${lastPrefix}${digits}Z`;
  return digits.endsWith("000000") ? `${lastPrefix}${digits.slice(0, 3)}Z` : `${lastPrefix}${digits.slice(0, 6)}Z`;
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

/** Nanoseconds from `from` (inclusive) to `to` (exclusive). A window that is empty is a `bad_request` that names `field`. */
export function parseWindow({ from, to }: { from: string; to: string }, field = "from"): { fromNs: bigint; toNs: bigint } {
  const [fromNs, toNs] = [parseTimestamp(from, "from"), parseTimestamp(to, "to")];
  if (fromNs >= toNs) throw new TelltaleError("bad_request", "from is not before to", { field });
  return { fromNs, toNs };
}

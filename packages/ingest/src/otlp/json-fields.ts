import { wellFormed } from "../raw/well-formed.ts";
import type { JsonObject } from "./json-body.ts";

/** A field of an OTLP/JSON item that cannot be read: the item is rejected with this reason, its neighbours are not. */
export class UnreadableField extends Error {}

/** A field under its JSON name or its proto name: both are legal in proto3 JSON. */
export function field(from: JsonObject, camel: string, snake: string): unknown {
  return from[camel] ?? from[snake];
}

export function text(value: unknown, what: string): string {
  if (typeof value === "string") return wellFormed(value);
  if (value === undefined || value === null) return "";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  throw new UnreadableField(`${what} is not a string`);
}

/** A fixed64 time, in nanoseconds, given as a number or as a string of digits. Absent = 0. */
export function nanoseconds(value: unknown, what: string): bigint {
  if (value === undefined || value === null) return 0n;
  if (typeof value === "number" ? Number.isInteger(value) && value >= 0 : typeof value === "string" && /^\d{1,20}$/.test(value))
    return BigInt(value as number | string);
  throw new UnreadableField(`${what} is not a time in nanoseconds`);
}

/** An int64 given as a number or as a string of digits; `undefined` when it is neither. Number when safe, else bigint. */
export function int64(value: unknown): number | bigint | undefined {
  if (typeof value === "number") return Number.isInteger(value) ? value + 0 : undefined;
  if (typeof value !== "string" || !/^-?\d{1,19}$/.test(value)) return undefined;
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number + 0; // + 0: "-0" is the int 0
  const big = BigInt(value);
  return BigInt.asIntN(64, big) === big ? big : undefined;
}

/** An enum as its number or its name without `prefix` looked up in `names`; anything unknown is 0, "unspecified". */
export function enumeration(value: unknown, prefix: string, names: readonly string[]): number {
  if (typeof value === "number") return Number.isInteger(value) && value > 0 && value < names.length ? value : 0;
  if (typeof value !== "string") return 0;
  const number = /^\d+$/.test(value) ? Number(value) : names.indexOf(value.startsWith(prefix) ? value.slice(prefix.length) : value);
  return number > 0 && number < names.length ? number : 0;
}

export function uint32(value: unknown): number {
  const number = int64(value);
  return typeof number === "number" && number >= 0 && number <= 0xffffffff ? number : 0;
}

/**
 * An id as lower-case hex. OTLP/JSON says hex; base64 (plain proto3 JSON, MLflow's files), `0x…` and MLflow's `tr-…`
 * are read as well, told apart by their length. `""` when absent; anything else comes back as it is, to be refused.
 */
export function hexId(value: unknown, bytes: 8 | 16, what: string): string {
  const given = text(value, what);
  if (given === "") return "";
  const bare = given.startsWith("0x") ? given.slice(2).padStart(bytes * 2, "0") : given.startsWith("tr-") ? given.slice(3) : given;
  if (bare.length === bytes * 2 && /^[0-9a-fA-F]+$/.test(bare)) return bare.toLowerCase();
  if (given.length === (bytes === 16 ? 24 : 12) && /^[0-9A-Za-z+/_-]+=+$/.test(given)) return Buffer.from(given, "base64").toString("hex");
  throw new UnreadableField(`${what} is neither ${bytes * 2} hex digits nor base64 of ${bytes} bytes`);
}

export const spanKindNames = ["UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"] as const;
export const statusCodeNames = ["UNSET", "OK", "ERROR"] as const;

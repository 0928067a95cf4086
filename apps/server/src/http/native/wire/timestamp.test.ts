import fc from "fast-check";
import { expect, test } from "vitest";
import { formatTimestamp, parseTimestamp } from "./timestamp.ts";

test.each([
  [1_795_424_909_104_549_065n, "2026-11-23T09:08:29.104549065Z"],
  [1_795_424_909_104_549_000n, "2026-11-23T09:08:29.104549Z"],
  [1_795_424_909_104_000_000n, "2026-11-23T09:08:29.104Z"],
  [0n, "1970-01-01T00:00:00.000Z"],
  [2n ** 64n - 1n, "2554-07-21T23:34:33.709551615Z"],
])("%s ns is %s", (ns, text) => {
  expect(formatTimestamp(ns)).toBe(text);
});

test("reading what was written gives the same nanosecond", () => {
  fc.assert(fc.property(fc.bigInt(0n, 2n ** 64n - 1n), (ns) => parseTimestamp(formatTimestamp(ns), "from") === ns));
});

test("offsets, short fractions and a space are understood", () => {
  expect(parseTimestamp("2026-11-23 10:00:00.5+01:00", "from")).toBe(parseTimestamp("2026-11-23T09:00:00.500Z", "from"));
});

test.each(["", "yesterday", "2026-11-23", "2026-13-01T00:00:00Z", "2026-11-23T09:00:00", "1969-12-31T00:00:00Z", "1".repeat(10_000)])("refuses %j", (text) => {
  expect(() => parseTimestamp(text, "from")).toThrow(/from must be an RFC 3339 time/);
});

import { expect, test } from "vitest";
import { formatBytes, formatCompact, formatDuration, formatUsd, plural } from "./number.ts";

test.each([
  [0, "0 ms"],
  [0.0004, "1 µs"],
  [0.312, "312 µs"],
  [4.04, "4 ms"],
  [45.4, "45 ms"],
  [999.6, "1.00 s"],
  [1_240, "1.24 s"],
  [59_999, "1 m 00 s"],
  [185_000, "3 m 05 s"],
  [7_800_000, "2 h 10 m"],
  [172_740_000, "47 h 59 m"],
  [997_200_000, "11 d 13 h"],
])("a duration of %d ms reads %s", (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test.each([
  [0, "$0"],
  [0.000001, "<$0.00001"],
  [0.00042, "$0.00042"],
  [0.0125, "$0.0125"],
  [0.5, "$0.50"],
  [12.345, "$12.35"],
  [1234.5, "$1,234.50"],
])("%d dollars read %s", (usd, text) => {
  expect(formatUsd(usd)).toBe(text);
});

test("a tiny cost never reads as zero", () => {
  for (let exponent = 1; exponent < 12; exponent += 1) expect(formatUsd(10 ** -exponent)).not.toMatch(/^\$0\.?0*$/);
});

test.each([
  [999, "999"],
  [1_000, "1k"],
  [1_250, "1.3k"],
  [34_400, "34k"],
  [999_990, "1M"],
  [1_500_000, "1.5M"],
])("%d compact is %s", (value, text) => {
  expect(formatCompact(value)).toBe(text);
});

test.each([
  [512, "512 B"],
  [1_500, "1.5 kB"],
  [20_000_000, "20 MB"],
  [999_900, "1 MB"],
])("%d bytes read %s", (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test("counts agree with their noun", () => {
  expect(plural(1, "trace")).toBe("1 trace");
  expect(plural(1234, "trace")).toBe("1,234 traces");
});

import { expect, test } from "vitest";
import { RowWriter } from "./row-writer.ts";

function lengthPrefixed(text: string): Buffer {
  const content = Buffer.from(text);
  const head: number[] = [];
  let rest = content.length;
  for (; rest >= 128; rest >>>= 7) head.push((rest & 127) | 128);
  return Buffer.concat([Buffer.from([...head, rest]), content]);
}

test("texts are length and UTF-8, also where the length takes more bytes than the number of characters would", () => {
  const lengths = [0, 1, 39, 40, 42, 43, 63, 64, 127, 128, 129, 5461, 5462, 16_383, 16_384];
  const texts = lengths.flatMap((length) => ["a", "é", "日", "a😀"].map((unit) => unit.repeat(length)));
  const out = new RowWriter(16);
  for (const text of texts) out.string(text);
  expect(Buffer.from(out.finish()).equals(Buffer.concat(texts.map(lengthPrefixed)))).toBe(true);
});

test("numbers are little-endian, also beyond their range", () => {
  const out = new RowWriter(1);
  out.u16(70_000);
  out.u32(258);
  out.u64(-1n);
  out.i64(-2n);
  out.f64(0.5);
  out.stamp(2, 3n, 4);
  const expected = Buffer.alloc(30);
  expected.writeUInt16LE(65_535, 0);
  expected.writeBigUInt64LE(3n, 2);
  expected.writeUInt32LE(4, 10);
  expected.fill(0xff, 14, 22);
  expected.writeBigInt64LE(-2n, 14);
  expected.writeDoubleLE(0.5, 22);
  expect(Buffer.from(out.finish()).toString("hex")).toBe(expected.toString("hex"));
});

test("rows written after `clear` are alone", () => {
  const out = new RowWriter(4);
  out.string("what was there before");
  out.rows += 1;
  out.clear();
  expect([out.bytes, out.rows]).toEqual([0, 0]);
  out.string("b");
  expect(Buffer.from(out.finish()).toString("hex")).toBe("0162");
});

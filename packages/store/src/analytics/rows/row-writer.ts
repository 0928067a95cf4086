/** Writes ClickHouse RowBinary into one growing buffer. Little-endian; strings are length-prefixed UTF-8 (LEB128). */
export class RowWriter {
  #buffer: Buffer;
  #at = 0;
  rows = 0;

  constructor(initialBytes = 1 << 20) {
    this.#buffer = Buffer.allocUnsafe(initialBytes);
  }

  get bytes(): number {
    return this.#at;
  }

  finish(): Uint8Array {
    return this.#buffer.subarray(0, this.#at);
  }

  #room(bytes: number): void {
    if (this.#at + bytes <= this.#buffer.length) return;
    const bigger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#at + bytes));
    this.#buffer.copy(bigger, 0, 0, this.#at);
    this.#buffer = bigger;
  }

  /** Bytes of rows made elsewhere. */
  copy(source: Uint8Array, from: number, to: number): void {
    this.#room(to - from);
    this.#buffer.set(source.subarray(from, to), this.#at);
    this.#at += to - from;
  }

  /** Sets what is only known when a row is stored. Rows that are made early begin with `version UInt64, bucket UInt32`. */
  stamp(rowStart: number, version: bigint, bucket: number): void {
    this.#buffer.writeBigUInt64LE(BigInt.asUintN(64, version), rowStart);
    this.#buffer.writeUInt32LE(clampU32(bucket), rowStart + 8);
  }

  string(value: string): void {
    const units = value.length;
    // A UTF-16 unit takes at most 3 bytes of UTF-8.
    this.#room(units * 3 + 5);
    const buffer = this.#buffer;
    if (units < 40) {
      // Short ASCII (ids, names, enums) is the common case: written here without a call into native code.
      const start = this.#at + 1;
      let index = 0;
      for (; index < units; index += 1) {
        const code = value.charCodeAt(index);
        if (code > 127) break;
        buffer[start + index] = code;
      }
      if (index === units) {
        buffer[this.#at] = units;
        this.#at = start + units;
        return;
      }
    }
    const bytes = Buffer.byteLength(value);
    this.varint(bytes);
    this.#at += this.#buffer.write(value, this.#at);
  }

  varint(value: number): void {
    this.#room(5);
    let rest = value;
    while (rest >= 128) {
      this.#buffer[this.#at++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    this.#buffer[this.#at++] = rest;
  }

  u8(value: number): void {
    this.#room(1);
    this.#buffer[this.#at++] = value;
  }

  bool(value: boolean): void {
    this.u8(value ? 1 : 0);
  }

  u16(value: number): void {
    this.#room(2);
    this.#at = this.#buffer.writeUInt16LE(Math.min(65_535, Math.max(0, value | 0)), this.#at);
  }

  u32(value: number): void {
    this.#room(4);
    this.#at = this.#buffer.writeUInt32LE(clampU32(value), this.#at);
  }

  u64(value: bigint): void {
    this.#room(8);
    this.#at = this.#buffer.writeBigUInt64LE(BigInt.asUintN(64, value), this.#at);
  }

  i64(value: bigint): void {
    this.#room(8);
    this.#at = this.#buffer.writeBigInt64LE(BigInt.asIntN(64, value), this.#at);
  }

  f64(value: number): void {
    this.#room(8);
    this.#at = this.#buffer.writeDoubleLE(value, this.#at);
  }

  /** Nullable(UInt32): unknown is NULL, never 0. */
  nullableU32(value: number | undefined): void {
    if (value === undefined || !Number.isFinite(value)) return this.u8(1);
    this.u8(0);
    this.u32(value);
  }

  nullableU64(value: number | undefined): void {
    if (value === undefined || !Number.isFinite(value)) return this.u8(1);
    this.u8(0);
    this.u64(BigInt(Math.max(0, Math.round(value))));
  }

  nullableF64(value: number | undefined): void {
    if (value === undefined || !Number.isFinite(value)) return this.u8(1);
    this.u8(0);
    this.f64(value);
  }

  nullableBool(value: boolean | undefined): void {
    if (value === undefined) return this.u8(1);
    this.u8(0);
    this.bool(value);
  }

  /** Nullable(Decimal(18, 9)): US dollars as an integer of nano-dollars. */
  nullableUsd(value: number | undefined): void {
    if (value === undefined || !Number.isFinite(value) || Math.abs(value) >= 1e9) return this.u8(1);
    this.u8(0);
    this.i64(BigInt(Math.round(value * 1e9)));
  }

  strings(values: readonly string[]): void {
    this.varint(values.length);
    for (const value of values) this.string(value);
  }

  map(values: ReadonlyMap<string, string>): void {
    this.varint(values.size);
    for (const [key, value] of values) {
      this.string(key);
      this.string(value);
    }
  }
}

function clampU32(value: number): number {
  if (!(value > 0)) return 0;
  return value > 0xffffffff ? 0xffffffff : Math.round(value);
}

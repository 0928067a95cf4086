/** A buffer that grew beyond this is not kept for the next rows. */
const MAX_KEPT_BYTES = 32 << 20;

/**
 * Writes ClickHouse RowBinary into one growing buffer. Little-endian; strings are length-prefixed UTF-8 (LEB128). Made to be
 * used again (`clear`): every buffer that is allocated brings the next collection of the whole heap closer.
 */
export class RowWriter {
  readonly #initialBytes: number;
  #buffer: Buffer;
  /** Over the same bytes: numbers are written through it without a call into Node's own code. */
  #view: DataView;
  #at = 0;
  rows = 0;

  constructor(initialBytes = 1 << 20) {
    this.#initialBytes = initialBytes;
    this.#buffer = Buffer.allocUnsafe(initialBytes);
    this.#view = viewOf(this.#buffer);
  }

  get bytes(): number {
    return this.#at;
  }

  /** What was written; valid until `clear`. */
  finish(): Uint8Array {
    return this.#buffer.subarray(0, this.#at);
  }

  /** Begins again; what `finish` gave is overwritten. */
  clear(): void {
    this.#at = 0;
    this.rows = 0;
    if (this.#buffer.length > MAX_KEPT_BYTES) this.#use(Buffer.allocUnsafe(this.#initialBytes));
  }

  #use(buffer: Buffer): void {
    this.#buffer = buffer;
    this.#view = viewOf(buffer);
  }

  #room(bytes: number): void {
    if (this.#at + bytes <= this.#buffer.length) return;
    const bigger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#at + bytes));
    this.#buffer.copy(bigger, 0, 0, this.#at);
    this.#use(bigger);
  }

  /** Bytes of rows made elsewhere. */
  copy(source: Uint8Array, from: number, to: number): void {
    this.#room(to - from);
    this.#buffer.set(source.subarray(from, to), this.#at);
    this.#at += to - from;
  }

  /** Sets what is only known when a row is stored. Rows that are made early begin with `version UInt64, bucket UInt32`. */
  stamp(rowStart: number, version: bigint, bucket: number): void {
    this.#view.setBigUint64(rowStart, version, true);
    this.#view.setUint32(rowStart + 8, clampU32(bucket), true);
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
    this.#longString(value, units);
  }

  /** Written as if it were ASCII, a byte per unit; the content is moved only if its length then takes more bytes than that. */
  #longString(value: string, units: number): void {
    const content = this.#at + varintBytes(units);
    const bytes = this.#buffer.write(value, content);
    const moved = this.#at + varintBytes(bytes);
    if (moved !== content) this.#buffer.copyWithin(moved, content, content + bytes);
    this.varint(bytes);
    this.#at += bytes;
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
    this.#view.setUint16(this.#at, Math.min(65_535, Math.max(0, value | 0)), true);
    this.#at += 2;
  }

  u32(value: number): void {
    this.#room(4);
    this.#view.setUint32(this.#at, clampU32(value), true);
    this.#at += 4;
  }

  u64(value: bigint): void {
    this.#room(8);
    this.#view.setBigUint64(this.#at, value, true);
    this.#at += 8;
  }

  i64(value: bigint): void {
    this.#room(8);
    this.#view.setBigInt64(this.#at, value, true);
    this.#at += 8;
  }

  f64(value: number): void {
    this.#room(8);
    this.#view.setFloat64(this.#at, value, true);
    this.#at += 8;
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

function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value; rest >= 128; rest >>>= 7) bytes += 1;
  return bytes;
}

function viewOf(buffer: Buffer): DataView {
  return new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}

function clampU32(value: number): number {
  if (!(value > 0)) return 0;
  return value > 0xffffffff ? 0xffffffff : Math.round(value);
}

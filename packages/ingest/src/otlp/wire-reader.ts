import { TelltaleError } from "@telltale/model";
import { InternTable } from "./intern-table.ts";

/** Groups (wire types 3 and 4) are skipped, not read; deeper nesting than this is garbage. */
const maxGroupDepth = 64;

const keys = new InternTable(4_096, 96);
const shortStrings = new InternTable(4_096, 32);

/**
 * Reads the protobuf wire format (protobuf.dev/programming-guides/encoding) without trusting a byte of it: every length is
 * checked against the message it lies in, and every failure is `body_malformed` with the byte offset.
 *
 * A message is read as `while (reader.pos < end) switch (reader.tag(end)) …`; `tag` = field number × 8 + wire type.
 */
export class WireReader {
  pos = 0;
  readonly #bytes: Buffer;
  readonly #view: DataView;

  constructor(body: Uint8Array) {
    this.#bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    this.#view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  }

  get length(): number {
    return this.#bytes.length;
  }

  fail(what: string, at = this.pos): never {
    throw new TelltaleError("body_malformed", `The body is not valid OTLP protobuf: ${what} at byte ${at}.`);
  }

  tag(end: number): number {
    const start = this.pos;
    const tag = this.#uint32(end);
    if (tag < 8) this.fail("field number 0", start);
    return tag;
  }

  /** Reads the length of a string, bytes or message and returns where it ends; never beyond `end`. */
  block(end: number): number {
    const start = this.pos;
    const length = this.#uint32(end);
    if (length > end - this.pos) this.fail(`a length of ${length} where ${end - this.pos} bytes are left`, start);
    return this.pos + length;
  }

  /** A varint of 64 bits as the unsigned low and the signed high half would give it: an int64. Number when safe, else bigint. */
  int64(end: number): number | bigint {
    const first = this.#byte(end);
    if (first < 0x80) return first;
    let low = first & 0x7f;
    let factor = 128;
    for (let index = 1; index < 7; index += 1) {
      const byte = this.#byte(end);
      low += (byte & 0x7f) * factor;
      if (byte < 0x80) return low;
      factor *= 128;
    }
    // 49 bits are in `low`, exactly; what follows may not be a safe integer any more.
    let high = 0;
    let shift = 1;
    for (let index = 7; index < 10; index += 1) {
      const byte = this.#byte(end);
      high += (byte & 0x7f) * shift;
      if (byte < 0x80) {
        const value = BigInt.asIntN(64, (BigInt(high) << 49n) | BigInt(low));
        return value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value;
      }
      shift *= 128;
    }
    return this.fail("a number of more than 10 bytes");
  }

  /** A varint as uint32 (more bits are cut off, as protobuf asks of an enum or a uint32). */
  uint32(end: number): number {
    const value = this.int64(end);
    return typeof value === "number" ? value >>> 0 : Number(BigInt.asUintN(32, value));
  }

  fixed32(end: number): number {
    const at = this.#advance(4, end);
    return this.#view.getUint32(at, true);
  }

  fixed64(end: number): bigint {
    const at = this.#advance(8, end);
    return this.#view.getBigUint64(at, true);
  }

  double(end: number): number {
    const at = this.#advance(8, end);
    return this.#view.getFloat64(at, true);
  }

  /** Text of content; invalid UTF-8 becomes U+FFFD. Short text is shared. */
  string(end: number): string {
    const stop = this.block(end);
    const start = this.pos;
    this.pos = stop;
    return shortStrings.read(this.#bytes, start, stop);
  }

  /** As `string`, with a table of its own, so that keys are not pushed out by values. */
  key(end: number): string {
    const stop = this.block(end);
    const start = this.pos;
    this.pos = stop;
    return keys.read(this.#bytes, start, stop);
  }

  /** A copy, so that a stored span does not hold on to the request's body. */
  bytes(end: number): Uint8Array {
    const stop = this.block(end);
    const start = this.pos;
    this.pos = stop;
    return new Uint8Array(this.#bytes.subarray(start, stop));
  }

  /** Bytes as lower-case hex; `""` when there are none, and never more than 32 bytes are turned into text. */
  hex(end: number): string {
    const stop = this.block(end);
    const start = this.pos;
    this.pos = stop;
    return this.#bytes.toString("hex", start, Math.min(stop, start + 32));
  }

  /** Passes over the field whose tag was just read. */
  skip(tag: number, end: number): void {
    switch (tag & 7) {
      case 0:
        this.int64(end);
        return;
      case 1:
        this.#advance(8, end);
        return;
      case 2:
        this.pos = this.block(end);
        return;
      case 3:
        this.#skipGroup(tag >>> 3, end);
        return;
      case 5:
        this.#advance(4, end);
        return;
      default:
        this.fail(`a field of wire type ${tag & 7}`);
    }
  }

  #skipGroup(field: number, end: number): void {
    const open = [field];
    while (open.length > 0) {
      if (this.pos >= end) this.fail("a group without an end");
      const tag = this.tag(end);
      if ((tag & 7) === 4) {
        if (open.pop() !== tag >>> 3) this.fail("the end of a group that was not begun");
      } else if ((tag & 7) === 3) {
        if (open.length >= maxGroupDepth) this.fail("groups nested too deeply");
        open.push(tag >>> 3);
      } else {
        this.skip(tag, end);
      }
    }
  }

  #byte(end: number): number {
    const byte = this.pos < end ? this.#bytes[this.pos] : undefined;
    if (byte === undefined) this.fail("the message ends inside a field");
    this.pos += 1;
    return byte;
  }

  /** A varint that must fit 32 bits: a tag or a length. */
  #uint32(end: number): number {
    const first = this.#byte(end);
    if (first < 0x80) return first;
    const start = this.pos - 1;
    let value = first & 0x7f;
    let factor = 128;
    for (let index = 1; index < 5; index += 1) {
      const byte = this.#byte(end);
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value <= 0xffffffff ? value : this.fail("a tag or length beyond 32 bits", start);
      factor *= 128;
    }
    return this.fail("a tag or length beyond 32 bits", start);
  }

  #advance(count: number, end: number): number {
    const at = this.pos;
    if (count > end - at) this.fail("the message ends inside a field");
    this.pos = at + count;
    return at;
  }
}

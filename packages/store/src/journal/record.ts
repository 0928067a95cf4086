import { crc32 } from "node:zlib";

/**
 * One record on disk: `u32 magic · u32 bodyLength · u32 metaLength · u32 crc32(meta + body) · meta (JSON) · body`.
 * The body is what the client sent (decompressed), so a crash loses no detail and nothing is encoded twice.
 */
export interface JournalRecord {
  meta: Record<string, unknown>;
  body: Buffer;
}

export const HEADER_BYTES = 16;
const MAGIC = 0x544c4a31; // "TLJ1"

export function encodeRecord(record: JournalRecord): Buffer[] {
  const meta = Buffer.from(JSON.stringify(record.meta));
  const head = Buffer.allocUnsafe(HEADER_BYTES);
  head.writeUInt32LE(MAGIC, 0);
  head.writeUInt32LE(record.body.length, 4);
  head.writeUInt32LE(meta.length, 8);
  head.writeUInt32LE(crc32(record.body, crc32(meta)), 12);
  return [head, meta, record.body];
}

export type Decoded = { kind: "record"; record: JournalRecord; bytes: number } | { kind: "incomplete" } | { kind: "corrupt" };

/** Reads the record at `offset`. `incomplete` = the buffer ends inside it (a torn tail, or more must be read). */
export function decodeRecord(buffer: Buffer, offset: number): Decoded {
  if (buffer.length - offset < HEADER_BYTES) return { kind: "incomplete" };
  if (buffer.readUInt32LE(offset) !== MAGIC) return { kind: "corrupt" };
  const bodyLength = buffer.readUInt32LE(offset + 4);
  const metaLength = buffer.readUInt32LE(offset + 8);
  const bytes = HEADER_BYTES + metaLength + bodyLength;
  if (buffer.length - offset < bytes) return { kind: "incomplete" };
  const meta = buffer.subarray(offset + HEADER_BYTES, offset + HEADER_BYTES + metaLength);
  const body = buffer.subarray(offset + HEADER_BYTES + metaLength, offset + bytes);
  if (crc32(body, crc32(meta)) !== buffer.readUInt32LE(offset + 12)) return { kind: "corrupt" };
  try {
    return { kind: "record", record: { meta: JSON.parse(meta.toString("utf8")) as Record<string, unknown>, body }, bytes };
  } catch {
    return { kind: "corrupt" };
  }
}

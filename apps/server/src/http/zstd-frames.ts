import { TelltaleError } from "@telltale/model";

/** RFC 8878 §3.1.1.1.2 recommends that decoders accept windows up to 8 MiB; common encoders stay under it. */
const MAX_WINDOW_BYTES = 8 * 1024 * 1024;
const FRAME_MAGIC = 0xfd2fb528;
const SKIPPABLE_MAGIC = 0x184d2a50;

/**
 * Where the frames of a Zstandard body begin and end (RFC 8878 §3.1), skippable ones left out. Walks headers only.
 * A header may promise a window or a content size of gigabytes, which a decoder then allocates: `maxBytes` bounds both.
 * Throws `body_malformed` or `body_too_large`.
 */
export function zstdFrames(body: Buffer, maxBytes: number): Buffer[] {
  const frames: Buffer[] = [];
  let at = 0;
  while (at < body.length) {
    const magic = readLe(body, at, 4);
    if ((magic & ~0xf) >>> 0 === SKIPPABLE_MAGIC) {
      at += 8 + readLe(body, at + 4, 4);
      if (at > body.length) throw malformed();
      continue;
    }
    if (magic !== FRAME_MAGIC) throw malformed();
    const end = frameEnd(body, at, maxBytes);
    frames.push(body.subarray(at, end));
    at = end;
  }
  return frames;
}

function frameEnd(body: Buffer, start: number, maxBytes: number): number {
  const descriptor = readLe(body, start + 4, 1);
  const singleSegment = (descriptor & 0x20) !== 0;
  if ((descriptor & 0x08) !== 0) throw malformed(); // reserved bit
  let at = start + 5;
  if (!singleSegment) {
    if (windowBytes(readLe(body, at, 1)) > MAX_WINDOW_BYTES) throw tooLarge(maxBytes);
    at += 1;
  }
  at += [0, 1, 2, 4][descriptor & 3] ?? 0; // dictionary id
  const sizeFlag = descriptor >> 6;
  const sizeBytes = sizeFlag === 0 ? (singleSegment ? 1 : 0) : 1 << sizeFlag;
  if (sizeBytes > 0 && readLe(body, at, sizeBytes) > maxBytes) throw tooLarge(maxBytes);
  at += sizeBytes;
  for (let last = false; !last;) {
    const header = readLe(body, at, 3);
    last = (header & 1) === 1;
    const type = (header >> 1) & 3;
    if (type === 3) throw malformed();
    at += 3 + (type === 1 ? 1 : header >> 3);
  }
  at += (descriptor & 0x04) === 0 ? 0 : 4; // checksum
  if (at > body.length) throw malformed();
  return at;
}

function windowBytes(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

/** Little-endian unsigned; exact up to 2^53, larger values stay larger than any limit. */
function readLe(body: Buffer, at: number, bytes: number): number {
  if (at + bytes > body.length) throw malformed();
  return bytes <= 6 ? body.readUIntLE(at, bytes) : Number(body.readBigUInt64LE(at));
}

function malformed(): TelltaleError {
  return new TelltaleError("body_malformed", "The body is not valid zstd data");
}

function tooLarge(maxBytes: number): TelltaleError {
  return new TelltaleError("body_too_large", `The zstd frame needs more memory than is allowed (content ${maxBytes} bytes, window ${MAX_WINDOW_BYTES})`);
}

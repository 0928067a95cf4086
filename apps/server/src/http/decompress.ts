import type { Transform } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { createGunzip, createInflate, createInflateRaw } from "node:zlib";
import { TelltaleError } from "@telltale/model";
import type { InFlightShare } from "./in-flight-bytes.ts";
import { zstdFrames } from "./zstd-frames.ts";

export interface DecompressLimits {
  maxBytes: number;
  /** Memory shared with all other requests; output is taken from it as it appears. */
  share: InFlightShare;
}

/** Beyond this much output a body must not be blown up by more than `MAX_RATIO`. Deflate cannot pass 1,032; zstd can. */
const RATIO_FROM_BYTES = 32 * 1024 * 1024;
const MAX_RATIO = 2000;
/** Zstandard is decoded on this thread: let others in between. */
const YIELD_EVERY_BYTES = 1024 * 1024;

/**
 * Undoes a `Content-Encoding`: identity, gzip, deflate (with or without the zlib header: both are in use) and zstd.
 * Stops at the limits while decoding, so a bomb never unfolds.
 * Throws `encoding_unsupported`, `body_malformed`, `body_too_large`, `overloaded`.
 */
export async function decompress(body: Buffer, encoding: string | undefined, limits: DecompressLimits): Promise<Buffer> {
  switch ((encoding ?? "").trim().toLowerCase()) {
    case "":
    case "identity":
    case "none":
      return body;
    case "gzip":
    case "x-gzip":
      return throughZlib(createGunzip(), body, limits);
    case "deflate":
      return throughZlib(hasZlibHeader(body) ? createInflate() : createInflateRaw(), body, limits);
    case "zstd":
      return throughZstd(body, limits);
    default:
      throw new TelltaleError("encoding_unsupported", `Content-Encoding "${(encoding ?? "").slice(0, 100)}" is not supported; use gzip, deflate, zstd or none`);
  }
}

/** RFC 1950 §2.2: method 8 in the low four bits, and the first two bytes are a multiple of 31. */
function hasZlibHeader(body: Buffer): boolean {
  return body.length >= 2 && ((body[0] ?? 0) & 0x0f) === 8 && body.readUInt16BE(0) % 31 === 0;
}

function throughZlib(stream: Transform, body: Buffer, limits: DecompressLimits): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const sink = new Sink(body.length, limits);
    stream.on("data", (chunk: Buffer) => {
      try {
        sink.add(chunk);
      } catch (error) {
        stream.destroy();
        reject(error);
      }
    });
    stream.on("error", (error) => reject(new TelltaleError("body_malformed", `The body could not be decompressed: ${error.message}`, { cause: error })));
    stream.on("end", () => resolve(sink.joined()));
    stream.end(body);
  });
}

async function throughZstd(body: Buffer, limits: DecompressLimits): Promise<Buffer> {
  const { Decompress } = await import("fzstd");
  const sink = new Sink(body.length, limits);
  for (const frame of zstdFrames(body, limits.maxBytes)) {
    // The decoder reuses its window: what it hands out is only valid during the call.
    const decoder = new Decompress((chunk) => sink.add(Buffer.from(chunk)));
    let yieldAt = sink.bytes + YIELD_EVERY_BYTES;
    for (let at = 0; at < frame.length; at += SLICE_BYTES) {
      pushZstd(decoder, frame.subarray(at, at + SLICE_BYTES), at + SLICE_BYTES >= frame.length);
      if (sink.bytes < yieldAt) continue;
      yieldAt = sink.bytes + YIELD_EVERY_BYTES;
      await setImmediate();
    }
  }
  return sink.joined();
}

const SLICE_BYTES = 64 * 1024;

function pushZstd(decoder: { push(chunk: Uint8Array, final?: boolean): unknown }, slice: Buffer, final: boolean): void {
  try {
    decoder.push(slice, final);
  } catch (error) {
    if (error instanceof TelltaleError) throw error;
    throw new TelltaleError("body_malformed", "The body is not valid zstd data", { cause: error });
  }
}

class Sink {
  readonly #chunks: Buffer[] = [];
  bytes = 0;
  constructor(
    readonly compressedBytes: number,
    readonly limits: DecompressLimits,
  ) {}

  add(chunk: Buffer): void {
    this.bytes += chunk.length;
    if (this.bytes > this.limits.maxBytes) throw new TelltaleError("body_too_large", `The decompressed body is larger than ${this.limits.maxBytes} bytes`);
    if (this.bytes > RATIO_FROM_BYTES && this.bytes > this.compressedBytes * MAX_RATIO) {
      throw new TelltaleError("body_too_large", `The body unfolds to more than ${MAX_RATIO} times its size`);
    }
    this.limits.share.take(chunk.length);
    this.#chunks.push(chunk);
  }

  joined(): Buffer {
    const only = this.#chunks.length === 1 ? this.#chunks[0] : undefined;
    return only ?? Buffer.concat(this.#chunks, this.bytes);
  }
}

import { createHash } from "node:crypto";
import type { MediaBlob } from "@telltale/model";

/** What a span keeps in the place of content that was moved: `telltale-blob://<sha-256>?content_type=image%2Fpng&size=1234`. */
export function blobLink(blob: MediaBlob): string {
  return `telltale-blob://${blob.hash}?content_type=${encodeURIComponent(blob.contentType)}&size=${blob.bytes.length}`;
}

export function blobOf(bytes: Uint8Array, contentType: string): MediaBlob {
  return { hash: createHash("sha256").update(bytes).digest("hex"), contentType, bytes };
}

/** What a span keeps of an embedding vector: its dimension. The numbers themselves say nothing to a reader. */
export function vectorMarker(dimension: number): string {
  return `telltale-vector://?dimension=${dimension}`;
}

/** The dimension in a vector marker; `undefined` when `text` is none. */
export function markedDimension(text: string): number | undefined {
  const match = /^telltale-vector:\/\/\?dimension=(\d{1,9})$/.exec(text);
  return match?.[1] === undefined ? undefined : Number(match[1]);
}

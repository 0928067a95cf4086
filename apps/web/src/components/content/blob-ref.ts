/** Content that was moved out of the span: `telltale-blob://<hash>?content_type=…&size=…`. */
export interface BlobRef {
  hash: string;
  contentType: string;
  sizeBytes: number | undefined;
}

/** Undefined for text that is no such reference. Only a hash of hex digits is accepted: it becomes a part of a URL. */
export function parseBlobRef(text: string): BlobRef | undefined {
  const match = /^telltale-blob:\/\/([0-9a-f]{64})(?:\?([^\s]*))?$/.exec(text);
  if (match?.[1] === undefined) return undefined;
  const params = new URLSearchParams(match[2] ?? "");
  const size = Number(params.get("size") ?? "");
  return {
    hash: match[1],
    contentType: params.get("content_type") ?? "application/octet-stream",
    sizeBytes: params.get("size") !== null && Number.isFinite(size) ? size : undefined,
  };
}

/** Text that ingest cut, as `@telltale/ingest` marks it at the end: the beginning, and where the whole is. */
export interface CutText {
  text: string;
  totalChars: number;
  blob: BlobRef;
}

const MARKER = "… [telltale: cut after ";

/** Undefined for text that is whole. Looks only at the end: the marker is short, the text may not be. */
export function parseCut(text: string): CutText | undefined {
  if (!text.endsWith("]")) return undefined;
  const at = text.lastIndexOf(MARKER);
  if (at === -1 || text.length - at > 400) return undefined;
  const match = /^… \[telltale: cut after \d+ of (\d+) characters, the whole text is (\S+)\]$/.exec(text.slice(at));
  const blob = parseBlobRef(match?.[2] ?? "");
  return blob === undefined ? undefined : { text: text.slice(0, at), totalChars: Number(match?.[1]), blob };
}

/** Shown as a picture. SVG is not among them: it may carry script, so it is only ever downloaded. */
export function isPicture(contentType: string): boolean {
  return /^image\/(png|jpe?g|gif|webp|avif|bmp)$/i.test(contentType);
}

export function blobUrl(hash: string): string {
  return `/api/v1/blobs/${hash}`;
}

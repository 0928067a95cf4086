/** First bytes of the formats that models read and write. */
const signatures: [contentType: string, offset: number, bytes: string][] = [
  ["image/png", 0, "\x89PNG\r\n\x1a\n"],
  ["image/jpeg", 0, "\xff\xd8\xff"],
  ["image/gif", 0, "GIF8"],
  ["image/webp", 8, "WEBP"],
  ["audio/wav", 8, "WAVE"],
  ["video/mp4", 4, "ftyp"],
  ["application/pdf", 0, "%PDF-"],
  ["audio/ogg", 0, "OggS"],
  ["audio/flac", 0, "fLaC"],
  ["audio/mpeg", 0, "ID3"],
  ["audio/mpeg", 0, "\xff\xfb"],
  ["video/webm", 0, "\x1aE\xdf\xa3"],
  ["application/zip", 0, "PK\x03\x04"],
  ["image/bmp", 0, "BM"],
];

/** The content type that the first bytes show; `undefined` when they show none. */
export function sniffContentType(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 16)).toString("latin1");
  return signatures.find(([, offset, signature]) => signature.length > 2 && head.startsWith(signature, offset))?.[0];
}

/** `format` of OpenAI's `input_audio`. */
const formats: Record<string, string> = {
  wav: "audio/wav",
  mp3: "audio/mpeg",
  flac: "audio/flac",
  opus: "audio/opus",
  aac: "audio/aac",
  pcm16: "audio/pcm",
  png: "image/png",
  jpeg: "image/jpeg",
  webp: "image/webp",
};

export function contentTypeOfFormat(format: string): string | undefined {
  return Object.hasOwn(formats, format) ? formats[format] : undefined;
}

/** How far around a base64 text its content type may stand, in the same JSON object. */
const contextLength = 256;
const mimeKey = /(?:media_type|mime_type|mimeType|mediaType)\\*["']\s*:\s*\\*["']([a-z]{1,20}\\?\/[\w.+-]{1,60})/;
const formatKey = /format\\*["']\s*:\s*\\*["']([a-z0-9]{1,8})\\*["']/;
/** Keys under which base64 is known to stand: Anthropic, Gemini, OpenAI audio, OpenAI images and files, blob parts of OTel. */
const dataKey = /["'](data|content|bytes|b64_json|file_data|image|audio|blob|base64|embedding)\\*["']\s*:\s*\\*["']$/;

export interface Context {
  /** The key whose value the text is; `""` when it is none that carries base64. */
  key: string;
  contentType: string | undefined;
}

/** What the JSON (of any escaping) or Python text around `[start, end)` says of it. */
export function contextOf(text: string, start: number, end: number): Context {
  const before = text.slice(Math.max(0, start - contextLength), start);
  const after = text.slice(end, end + contextLength);
  const mime = lastMatch(mimeKey, before) ?? mimeKey.exec(after)?.[1];
  const format = mime === undefined ? (formatKey.exec(after)?.[1] ?? lastMatch(formatKey, before)) : undefined;
  return { key: dataKey.exec(before)?.[1] ?? "", contentType: mime?.replace("\\", "") ?? (format === undefined ? undefined : contentTypeOfFormat(format)) };
}

/** The nearest to the end: what stands before may belong to the object before. */
function lastMatch(pattern: RegExp, text: string): string | undefined {
  return [...text.matchAll(new RegExp(pattern, "g"))].at(-1)?.[1];
}

import { Double, type Attributes, type AttributeValue, type MediaBlob, type RawLog, type RawSpan } from "@telltale/model";
import { cutText, hasLosses } from "../otlp/accept-span.ts";
import { decodeRun, nextRun, type Run } from "./base64-runs.ts";
import { blobLink, blobOf, vectorMarker } from "./blob-link.ts";
import { contentTypeOfFormat, contextOf, sniffContentType } from "./content-type.ts";
import { isVector, wholeVector, withoutVectors } from "./vectors.ts";

export interface MediaLimits {
  /** Base64 of at least this many characters, and bytes of at least this many, are moved. */
  minMediaLength: number;
  /** A longer text (UTF-16 units) is moved whole and keeps its beginning. */
  maxTextLength: number;
  /** How much of a moved text stays. */
  keptTextLength: number;
}

const defaults: MediaLimits = { minMediaLength: 8 * 1024, maxTextLength: 1024 * 1024, keptTextLength: 64 * 1024 };
/** Below this no text is looked at: neither media nor an embedding fits in. */
const minTextLength = 512;

/** Set on a span that lost something to a blob or a marker: a span read back from the store is known to be truncated. */
const truncatedKey = "telltale.truncated";

export interface ExtractedMedia {
  /** To be stored before the span; no two with the same hash. */
  blobs: MediaBlob[];
  /** Something was moved or left out, here or when the span was read; the span says what and where it is. */
  truncated: boolean;
}

/**
 * Moves what does not belong in a row out of a span, changing the span in place: base64 media (data URLs, OpenAI, Anthropic,
 * Gemini and OTel message parts, also inside JSON text) and very long texts become blobs with a link in their place,
 * embedding vectors become a marker with their dimension. A second call finds nothing more to do.
 *
 * Only text with evidence is taken for media: a data URL, known first bytes, or a content type beside a data key.
 * Time is linear in the text; an ordinary span costs a length check per attribute.
 */
export function extractMedia(raw: RawSpan, limits: Partial<MediaLimits> = {}): ExtractedMedia {
  const extraction = new Extraction({ ...defaults, ...limits });
  extraction.attributes(raw.attributes);
  for (const event of raw.events) extraction.attributes(event.attributes);
  for (const link of raw.links) extraction.attributes(link.attributes);
  extraction.shared(raw.resource.attributes);
  extraction.shared(raw.scope.attributes);
  raw.statusMessage = extraction.text(raw.statusMessage, undefined);
  raw.traceState = extraction.text(raw.traceState, undefined);
  const { blobs, truncated } = extraction.result();
  if (truncated) raw.attributes.set(truncatedKey, true);
  return { blobs, truncated: truncated || raw.attributes.has(truncatedKey) || hasLosses(raw.attributes) };
}

/** As `extractMedia`, for a log record: its body and its attributes. */
export function extractLogMedia(log: RawLog, limits: Partial<MediaLimits> = {}): ExtractedMedia {
  const extraction = new Extraction({ ...defaults, ...limits });
  log.body = extraction.value(log.body, "", undefined);
  extraction.attributes(log.attributes);
  extraction.shared(log.resource.attributes);
  extraction.shared(log.scope.attributes);
  return extraction.result();
}

/** Attributes of resources and scopes that were looked at: many spans share them, and their blobs are stored once. */
const sharedSeen = new WeakSet<Attributes>();

class Extraction {
  readonly #blobs = new Map<string, MediaBlob>();
  #truncated = false;

  constructor(readonly limits: MediaLimits) {}

  result(): ExtractedMedia {
    return { blobs: [...this.#blobs.values()], truncated: this.#truncated };
  }

  shared(attributes: Attributes): void {
    if (sharedSeen.has(attributes)) return;
    sharedSeen.add(attributes);
    this.attributes(attributes);
  }

  attributes(attributes: Map<string, AttributeValue>): void {
    for (const [key, value] of attributes) {
      if (typeof value === "string" ? value.length < minTextLength : typeof value !== "object" || value === null) continue;
      const changed = this.value(value, key, undefined);
      if (changed !== value) attributes.set(key, changed);
    }
  }

  /** The value to keep; lists and maps are changed in place. `contentType` = what is said beside it. */
  value(value: AttributeValue, key: string, contentType: string | undefined): AttributeValue {
    if (typeof value === "string") return this.text(value, contentType);
    if (typeof value !== "object" || value === null || value instanceof Double) return value;
    if (value instanceof Uint8Array) return value.length < this.limits.minMediaLength ? value : this.#moved(value, contentType ?? sniffContentType(value));
    if (!Array.isArray(value)) return this.#map(value);
    if (isVector(value, key)) return this.#vector(value.length);
    for (const [index, inner] of value.entries()) {
      if (typeof inner === "string" || typeof inner === "object") value[index] = this.value(inner, key, contentType);
    }
    return value;
  }

  text(text: string, contentType: string | undefined): string {
    if (text.length < minTextLength) return text;
    const dimension = wholeVector(text);
    if (dimension !== undefined) return this.#vector(dimension);
    if (text.length < this.limits.minMediaLength) return text;
    const withoutMedia = this.#withoutMedia(text, contentType);
    const kept = withoutVectors(withoutMedia);
    if (kept !== withoutMedia) this.#truncated = true;
    return kept.length > this.limits.maxTextLength ? this.#cut(kept) : kept;
  }

  /** A map is often a message part that says what its data is. */
  #map(map: Map<string, AttributeValue>): Map<string, AttributeValue> {
    const stated = map.get("media_type") ?? map.get("mime_type") ?? map.get("mimeType") ?? map.get("mediaType");
    const format = map.get("format");
    const contentType = typeof stated === "string" && stated.length < 100 ? stated : typeof format === "string" ? contentTypeOfFormat(format) : undefined;
    for (const [key, inner] of map) {
      const changed = this.value(inner, key, isDataKey(key) ? (contentType ?? implied(key)) : undefined);
      if (changed !== inner) map.set(key, changed);
    }
    return map;
  }

  #withoutMedia(text: string, stated: string | undefined): string {
    const parts: string[] = [];
    let kept = 0;
    for (let run = nextRun(text, 0, this.limits.minMediaLength); run !== undefined; run = nextRun(text, run.next, this.limits.minMediaLength)) {
      const found = this.#media(text, run, stated);
      if (found === undefined) continue;
      parts.push(text.slice(kept, found.start), found.link);
      kept = run.end;
    }
    return parts.length === 0 ? text : parts.join("") + text.slice(kept);
  }

  /** The link for a run of base64 and where it begins, or `undefined` when nothing shows that the run is media. */
  #media(text: string, run: Run, stated: string | undefined): { start: number; link: string } | undefined {
    const dataUrl = /data:([a-z]{1,20}\\?\/[\w.+-]{1,80})?(?:;[\w=.+-]{1,60})*;base64,$/i.exec(text.slice(Math.max(0, run.start - 240), run.start));
    const bytes = decodeRun(text, run);
    if (bytes === undefined) return undefined;
    if (dataUrl !== null) return { start: run.start - dataUrl[0].length, link: this.#moved(bytes, dataUrl[1]?.replace("\\", "") ?? sniffContentType(bytes)) };
    const context = contextOf(text, run.start, run.end);
    if (context.key === "embedding" && bytes.length % 4 === 0) return { start: run.start, link: this.#vector(bytes.length / 4) }; // base64 of float32
    const isWhole = run.start === 0 && run.end === text.length;
    const contentType =
      (isWhole ? stated : undefined) ?? sniffContentType(bytes) ?? (context.key === "" ? undefined : (context.contentType ?? implied(context.key)));
    return contentType === undefined ? undefined : { start: run.start, link: this.#moved(bytes, contentType) };
  }

  #cut(text: string): string {
    const link = this.#moved(Buffer.from(text), "text/plain");
    const { keptTextLength } = this.limits;
    return `${cutText(text, keptTextLength)} [telltale: cut after ${keptTextLength} of ${text.length} characters, the whole text is ${link}]`;
  }

  #moved(bytes: Uint8Array, contentType: string | undefined): string {
    const blob = blobOf(bytes, contentType ?? "application/octet-stream");
    this.#blobs.set(blob.hash, blob);
    this.#truncated = true;
    return blobLink(blob);
  }

  #vector(dimension: number): string {
    this.#truncated = true;
    return vectorMarker(dimension);
  }
}

function isDataKey(key: string): boolean {
  return /^(data|content|bytes|b64_json|file_data|blob)$/.test(key);
}

/** What OpenAI's image API returns when it says nothing else. */
function implied(key: string): string | undefined {
  return key === "b64_json" ? "image/png" : undefined;
}

import { type AssemblySpan, extractMedia, normaliseSpan, packRaw, redactSpan, toAssemblySpan } from "@telltale/ingest";
import { type PriceOverrides, priceCall } from "@telltale/ingest/pricing";
import { type MediaBlob, type RawLog, type RawSpan, type Span, extraWords } from "@telltale/model";
import { RowWriter, writePayloadBody, writeSpanBody } from "@telltale/store";
import { byProject } from "./by-project.ts";
import type { Routing } from "./project-routing.ts";

/**
 * Spans of one project in one request, turned into the bytes of their rows as soon as they are received. Only what the
 * trace row needs stays an object: a second of traffic waiting for the store costs buffers, not a heap to collect.
 */
export interface PreparedSpans {
  projectId: string;
  spans: AssemblySpan[];
  /** Row bodies, one after the other (`writeSpanBody`, `writePayloadBody`), and where each ends. */
  spanRows: Uint8Array;
  spanEnds: number[];
  payloadRows: Uint8Array;
  payloadEnds: number[];
  /** Log records that were known and read with a span. */
  logsRead: Map<string, number>;
}

export interface PreparedRequest {
  groups: PreparedSpans[];
  blobs: MediaBlob[];
}

/** What reading a span needs beside its bytes. */
export interface ReadWith {
  /** Log records known of a span. */
  logsOf: (projectId: string, traceId: string, spanId: string) => readonly RawLog[] | undefined;
  /** The operator's own prices as they are now. */
  prices: () => PriceOverrides | undefined;
}

export function prepareSpans(spans: readonly RawSpan[], routing: Routing, readWith: ReadWith): PreparedRequest {
  const blobs: MediaBlob[] = [];
  const groups = Array.from(byProject(spans, routing), ([projectId, group]) => prepareGroup(projectId, group, readWith, blobs));
  return { groups, blobs };
}

function prepareGroup(projectId: string, group: readonly RawSpan[], { logsOf, prices }: ReadWith, blobs: MediaBlob[]): PreparedSpans {
  const overrides = prices();
  spanRows.clear();
  payloadRows.clear();
  const prepared: PreparedSpans = { projectId, spans: [], spanRows: emptyBytes, spanEnds: [], payloadRows: emptyBytes, payloadEnds: [], logsRead: new Map() };
  for (const sent of group) {
    const raw = redactSpan(sent);
    const media = extractMedia(raw);
    if (media.blobs.length > 0) blobs.push(...media.blobs);
    const logs = logsOf(projectId, raw.traceId, raw.spanId);
    if (logs) prepared.logsRead.set(raw.spanId, logs.length);
    const span = normaliseSpan(raw, logs);
    if (media.truncated) span.truncated = true;
    span.cost = priceCall(span, overrides);
    prepared.spans.push(toAssemblySpan(span));
    writeSpanBody(spanRows, projectId, span);
    prepared.spanEnds.push(spanRows.bytes);
    writePayload(payloadRows, projectId, raw, span);
    prepared.payloadEnds.push(payloadRows.bytes);
  }
  prepared.spanRows = Buffer.from(spanRows.finish());
  prepared.payloadRows = Buffer.from(payloadRows.finish());
  return prepared;
}

/** Where rows are made, one group after the other; a group keeps a copy of just its length. */
const spanRows = new RowWriter(1 << 17);
const payloadRows = new RowWriter(1 << 19);

const emptyBytes = new Uint8Array(0);

function writePayload(out: RowWriter, projectId: string, raw: RawSpan, span: Span): void {
  const { traceId, spanId, startNs, inputs, outputs } = span;
  const words = joinWords(extraWords(inputs), extraWords(outputs));
  writePayloadBody(out, projectId, { traceId, spanId, startNs, inputs, outputs, raw: packRaw(raw, inputs, outputs), words });
}

function joinWords(a: string, b: string): string {
  return a === "" ? b : b === "" ? a : `${a} ${b}`;
}

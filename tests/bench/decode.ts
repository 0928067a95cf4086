/**
 * Decode speed of the direct OTLP reader against protobufjs doing the same work, on one request of 512 captured spans.
 * Run: npx tsx tests/bench/decode.ts — prints spans/s of each and the ratio; fails when the ratio is below 2.
 */
import { decodeTraces } from "@telltale/ingest";
import type { AttributeValue } from "@telltale/model";
import { captures } from "../../packages/ingest/src/otlp/capture-files.ts";
import { otlpMessage } from "../../packages/ingest/src/otlp/descriptor.ts";

const spansWanted = 512;
const bytesPerSpan = 1_400;
const rounds = 5;
const roundMs = 1_000;

const { protobuf, json } = request();
const count = decodeTraces(protobuf, "protobuf").spans.length;
console.log(`one request: ${count} spans, ${Math.round(protobuf.length / count)} B per span`);

const own = measure(() => decodeTraces(protobuf, "protobuf").spans.length);
const theirs = measure(() => rowsByProtobufjs(protobuf).length);
const ownJson = measure(() => decodeTraces(json, "json").spans.length);
const ratio = own / theirs;
console.log(`direct reader      ${format(own)} spans/s  ${Math.round((own * protobuf.length) / count / 1e6)} MB/s`);
console.log(`protobufjs + rows  ${format(theirs)} spans/s`);
console.log(`OTLP/JSON          ${format(ownJson)} spans/s`);
console.log(`ratio direct / protobufjs: ${ratio.toFixed(2)} (limit 2)`);
if (ratio < 2) process.exitCode = 1;

/** Real captured spans, repeated until there are 512, of about the size the protocol notes measured with. */
function request(): { protobuf: Uint8Array; json: Buffer } {
  const type = otlpMessage("ExportTraceServiceRequest");
  const blocks: unknown[] = [];
  let spans = 0;
  let bytes = 0;
  for (const capture of captures("traces")) {
    const found = decodeTraces(capture.protobuf, "protobuf").spans.length;
    if (found === 0) continue;
    // skips what would take the mean far off: a few captures are all tiny HTTP spans, a few all huge prompts
    if (spans > 0 && Math.abs((bytes + capture.protobuf.length) / (spans + found) - bytesPerSpan) > 400) continue;
    blocks.push(...(JSON.parse(capture.json.toString("utf8")) as { resourceSpans: unknown[] }).resourceSpans);
    spans += found;
    bytes += capture.protobuf.length;
  }
  const resourceSpans: unknown[] = [];
  for (let index = 0, taken = 0; taken < spansWanted; index += 1) {
    const block = blocks[index % blocks.length] as { scopeSpans: { spans: unknown[] }[] };
    resourceSpans.push(block);
    taken += block.scopeSpans.reduce((sum, scope) => sum + scope.spans.length, 0);
  }
  const asJson = Buffer.from(JSON.stringify({ resourceSpans }));
  return { json: asJson, protobuf: type.encode(type.fromObject(withBase64Ids({ resourceSpans }) as object)).finish() };
}

interface Long {
  low: number;
  high: number;
}
interface Value {
  value?: string;
  stringValue: string;
  boolValue: boolean;
  intValue: Long;
  doubleValue: number;
  bytesValue: Uint8Array;
  arrayValue: { values: Value[] };
  kvlistValue: { values: KeyValue[] };
}
interface KeyValue {
  key: string;
  value: Value;
}

/** The fair peer: protobufjs' own messages, then rows with hex ids, bigint times and a Map of attributes; nothing checked. */
function rowsByProtobufjs(body: Uint8Array): unknown[] {
  const message = otlpMessage("ExportTraceServiceRequest").decode(body) as unknown as Record<string, unknown[]>;
  const rows: unknown[] = [];
  for (const block of (message.resourceSpans ?? []) as {
    resource: { attributes: KeyValue[] };
    scopeSpans: { scope: unknown; spans: Record<string, never>[] }[];
  }[]) {
    const resource = attributesOf(block.resource.attributes);
    for (const part of block.scopeSpans) {
      for (const span of part.spans as Record<string, unknown>[]) {
        rows.push({
          traceId: (span.traceId as Buffer).toString("hex"),
          spanId: (span.spanId as Buffer).toString("hex"),
          parentSpanId: (span.parentSpanId as Buffer).toString("hex"),
          name: span.name,
          kind: span.kind,
          startNs: bigint(span.startTimeUnixNano as Long),
          endNs: bigint(span.endTimeUnixNano as Long),
          attributes: attributesOf(span.attributes as KeyValue[]),
          events: (span.events as { name: string; timeUnixNano: Long; attributes: KeyValue[] }[]).map((event) => ({
            name: event.name,
            timeNs: bigint(event.timeUnixNano),
            attributes: attributesOf(event.attributes),
          })),
          status: span.status,
          resource,
          scope: part.scope,
        });
      }
    }
  }
  return rows;
}

function attributesOf(pairs: KeyValue[]): Map<string, AttributeValue> {
  const attributes = new Map<string, AttributeValue>();
  for (const { key, value } of pairs) attributes.set(key, valueOf(value));
  return attributes;
}

function valueOf(value: Value): AttributeValue {
  if (Object.hasOwn(value, "stringValue")) return value.stringValue;
  if (Object.hasOwn(value, "intValue")) return Number(bigint(value.intValue));
  if (Object.hasOwn(value, "doubleValue")) return value.doubleValue;
  if (Object.hasOwn(value, "boolValue")) return value.boolValue;
  if (Object.hasOwn(value, "arrayValue")) return value.arrayValue.values.map(valueOf);
  if (Object.hasOwn(value, "kvlistValue")) return attributesOf(value.kvlistValue.values);
  return Object.hasOwn(value, "bytesValue") ? value.bytesValue : null;
}

function bigint(long: Long): bigint {
  return (BigInt(long.high >>> 0) << 32n) | BigInt(long.low >>> 0);
}

/** OTLP/JSON has hex ids where protobufjs expects base64. */
function withBase64Ids(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withBase64Ids);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      /^(traceId|spanId|parentSpanId)$/.test(key) ? Buffer.from(String(inner), "hex").toString("base64") : withBase64Ids(inner),
    ]),
  );
}

/** Median over the rounds of items per second. */
function measure(work: () => number): number {
  const rates: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    let items = 0;
    const start = process.cpuUsage();
    let elapsedUs = 0;
    while (elapsedUs < roundMs * 1_000) {
      items += work();
      elapsedUs = process.cpuUsage(start).user;
    }
    rates.push((items / elapsedUs) * 1e6);
  }
  return rates.toSorted((a, b) => a - b)[rounds >> 1] ?? 0;
}

function format(rate: number): string {
  return Math.round(rate).toLocaleString("en").padStart(9);
}

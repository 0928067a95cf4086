import { Double, type Attributes, type AttributeValue, type RawSpan } from "@telltale/model";
import { parseAttributeJson } from "./parse-attribute-json.ts";

/** What `packRaw` wrote; absent = default. */
interface Packed {
  n: string;
  s: string;
  e: string;
  p?: string;
  t?: string;
  f?: number;
  k?: number;
  c?: number;
  m?: string;
  a?: unknown[];
  v?: [timeNs: string, name: string, attributes: unknown[]][];
  l?: [traceId: string, spanId: string, attributes: unknown[]][];
  r: [schemaUrl: string, attributes: unknown[]];
  o: [name: string, version: string, attributes: unknown[]];
}

/** The span that `packRaw(span, inputs, outputs)` was given. Throws on text that it did not write: the row is damaged. */
export function unpackRaw(text: string, ids: { traceId: string; spanId: string }, inputs: string, outputs: string): RawSpan {
  const packed = JSON.parse(text) as Packed;
  const content = [inputs, outputs] as const;
  return {
    traceId: ids.traceId,
    spanId: ids.spanId,
    parentSpanId: packed.p ?? "",
    traceState: packed.t ?? "",
    flags: packed.f ?? 0,
    name: packed.n,
    otelKind: packed.k ?? 0,
    startNs: BigInt(packed.s),
    endNs: BigInt(packed.e),
    attributes: map(packed.a ?? [], content),
    events: (packed.v ?? []).map(([timeNs, name, attributes]) => ({ timeNs: BigInt(timeNs), name, attributes: map(attributes, content) })),
    links: (packed.l ?? []).map(([traceId, spanId, attributes]) => ({ traceId, spanId, attributes: map(attributes, content) })),
    statusCode: packed.c ?? 0,
    statusMessage: packed.m ?? "",
    resource: { schemaUrl: packed.r[0], attributes: map(packed.r[1], content) },
    scope: { name: packed.o[0], version: packed.o[1], attributes: map(packed.o[2], content) },
  };
}

type Content = readonly [inputs: string, outputs: string];

function map(pairs: unknown[], content: Content): Attributes {
  const entries: Attributes = new Map();
  for (let index = 0; index + 1 < pairs.length; index += 2) entries.set(String(pairs[index]), unpack(pairs[index + 1], content));
  return entries;
}

/** One member decides; see the format at `packRaw`. */
interface Tagged {
  d?: number | string;
  f?: string;
  i?: string;
  b?: string;
  m?: unknown[];
  t?: 0 | 1;
  j?: 0 | 1;
}

function unpack(value: unknown, content: Content): AttributeValue {
  if (typeof value !== "object" || value === null) return value as string | number | boolean | null;
  if (Array.isArray(value)) return value.map((inner: unknown) => unpack(inner, content));
  const tagged = value as Tagged;
  if (tagged.t !== undefined) return content[tagged.t];
  if (tagged.m !== undefined) return map(tagged.m, content);
  if (tagged.d !== undefined) return new Double(Number(tagged.d));
  if (tagged.f !== undefined) return Number(tagged.f);
  if (tagged.i !== undefined) return BigInt(tagged.i);
  if (tagged.b !== undefined) return new Uint8Array(Buffer.from(tagged.b, "base64"));
  const parsed = tagged.j === undefined ? undefined : parseAttributeJson(content[tagged.j]);
  if (parsed === undefined) throw new Error(`A packed span holds a value that packRaw does not write: ${JSON.stringify(value).slice(0, 80)}`);
  return parsed;
}

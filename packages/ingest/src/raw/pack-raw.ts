import { Double, type Attributes, type AttributeValue, type RawSpan, type Resource, type Scope } from "@telltale/model";
import { attributeJson, isExactAsJson, quoteJson } from "./attribute-json.ts";

/** A shorter text is not worth a reference. */
const minReferenceLength = 16;
/** Keys seen, already quoted. Emptied when full: keys are outside data. */
const quotedKeys = new Map<string, string>();
const maxQuotedKeys = 8_192;

const packedResources = new WeakMap<Resource, string>();
const packedScopes = new WeakMap<Scope, string>();

/**
 * The span as sent, as JSON text for the payload row; `unpackRaw` gives the same span back. An attribute that is `inputs`
 * or `outputs` (as text, or as a list or map whose `attributeJson` it is) is a reference: content is stored once.
 *
 * Format: fields at their default are left out. Attributes = [key, value, key, value, …]. Values: string, boolean, null and
 * list as in JSON; int and fraction = number; else an object with one member: d double of an integral value, f NaN or
 * infinity, i bigint, b bytes (base64), m map [key, value, …], t text of 0 inputs / 1 outputs, j parsed JSON of the same.
 */
export function packRaw(raw: RawSpan, inputs: string, outputs: string): string {
  let text = `{"n":${quote(raw.name)},"s":"${raw.startNs}","e":"${raw.endNs}"`;
  if (raw.parentSpanId !== "") text += `,"p":${quote(raw.parentSpanId)}`;
  if (raw.traceState !== "") text += `,"t":${quote(raw.traceState)}`;
  if (raw.flags !== 0) text += `,"f":${raw.flags}`;
  if (raw.otelKind !== 0) text += `,"k":${raw.otelKind}`;
  if (raw.statusCode !== 0) text += `,"c":${raw.statusCode}`;
  if (raw.statusMessage !== "") text += `,"m":${quote(raw.statusMessage)}`;
  if (raw.attributes.size > 0) text += `,"a":${attributes(raw.attributes, inputs, outputs)}`;
  if (raw.events.length > 0) {
    text += ',"v":[';
    for (const [index, event] of raw.events.entries())
      text += `${index === 0 ? "" : ","}["${event.timeNs}",${quote(event.name)},${attributes(event.attributes, inputs, outputs)}]`;
    text += "]";
  }
  if (raw.links.length > 0) {
    text += ',"l":[';
    for (const [index, link] of raw.links.entries())
      text += `${index === 0 ? "" : ","}[${quote(link.traceId)},${quote(link.spanId)},${attributes(link.attributes, "", "")}]`;
    text += "]";
  }
  return `${text},"r":${packedResource(raw.resource)},"o":${packedScope(raw.scope)}}`;
}

/** Resources and scopes are shared by the spans of a block: packed once. They must not change after the first span. */
function packedResource(resource: Resource): string {
  let text = packedResources.get(resource);
  if (text === undefined) {
    text = `[${quote(resource.schemaUrl)},${attributes(resource.attributes, "", "")}]`;
    packedResources.set(resource, text);
  }
  return text;
}

function packedScope(scope: Scope): string {
  let text = packedScopes.get(scope);
  if (text === undefined) {
    text = `[${quote(scope.name)},${quote(scope.version)},${attributes(scope.attributes, "", "")}]`;
    packedScopes.set(scope, text);
  }
  return text;
}

function attributes(given: Attributes, inputs: string, outputs: string): string {
  let text = "[";
  for (const [key, value] of given) {
    text += text.length === 1 ? quotedKey(key) : `,${quotedKey(key)}`;
    text += ",";
    text += topValue(value, inputs, outputs);
  }
  return `${text}]`;
}

function topValue(value: AttributeValue, inputs: string, outputs: string): string {
  if (typeof value === "string") {
    if (value.length >= minReferenceLength) {
      if (value === inputs) return '{"t":0}';
      if (value === outputs) return '{"t":1}';
    }
    return quote(value);
  }
  if (typeof value === "object" && value !== null) {
    const reference = jsonReference(value, inputs, outputs);
    if (reference !== undefined) return reference;
  }
  return packed(value);
}

/** A list or map that `inputs` or `outputs` spells out. Serialised to compare only when the first character fits. */
function jsonReference(value: object & AttributeValue, inputs: string, outputs: string): string | undefined {
  const first = value instanceof Map ? "{" : Array.isArray(value) ? "[" : undefined;
  if (first === undefined) return undefined;
  const mayBeInputs = inputs.length >= minReferenceLength && inputs.startsWith(first);
  const mayBeOutputs = outputs.length >= minReferenceLength && outputs.startsWith(first);
  if ((!mayBeInputs && !mayBeOutputs) || !isExactAsJson(value)) return undefined;
  const json = attributeJson(value);
  if (mayBeInputs && json === inputs) return '{"j":0}';
  return mayBeOutputs && json === outputs ? '{"j":1}' : undefined;
}

function packed(value: AttributeValue): string {
  if (typeof value === "string") return quote(value);
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : `{"f":"${value}"}`;
  if (value === null) return "null";
  if (typeof value === "boolean") return value ? "true" : "false";
  if (typeof value === "bigint") return `{"i":"${value}"}`;
  if (value instanceof Double) return packedDouble(value.value);
  if (value instanceof Uint8Array) return `{"b":"${Buffer.from(value).toString("base64")}"}`;
  if (Array.isArray(value)) return `[${value.map(packed).join(",")}]`;
  let text = "";
  for (const [key, inner] of value) text += `${text === "" ? "" : ","}${quotedKey(key)},${packed(inner)}`;
  return `{"m":[${text}]}`;
}

function packedDouble(value: number): string {
  return Number.isFinite(value) && !Object.is(value, -0) ? `{"d":${value}}` : `{"d":"${Object.is(value, -0) ? "-0" : value}"}`;
}

function quotedKey(key: string): string {
  const known = quotedKeys.get(key);
  if (known !== undefined) return known;
  if (quotedKeys.size >= maxQuotedKeys) quotedKeys.clear();
  const quoted = quoteJson(key);
  quotedKeys.set(key, quoted);
  return quoted;
}

/** As `quoteJson`; short plain text without the call. */
function quote(text: string): string {
  const { length } = text;
  if (length > 48) return quoteJson(text);
  for (let index = 0; index < length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 0x20 || code === 0x22 || code === 0x5c || code > 0x7e) return quoteJson(text);
  }
  return `"${text}"`;
}

import { Double, type AttributeValue, type RawSpan } from "@telltale/model";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { captures, capturedAtMs } from "../otlp/capture-files.ts";
import { decodeTraces } from "../otlp/traces.ts";
import { attributeJson, isExactAsJson } from "./attribute-json.ts";
import { packRaw } from "./pack-raw.ts";
import { parseAttributeJson } from "./parse-attribute-json.ts";
import { unpackRaw } from "./unpack-raw.ts";

/** Records as literals are: fast-check mixes in objects without a prototype. */
function record<T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> {
  return fc.record<T>(model, { noNullPrototype: true });
}

const text = fc.string({ unit: "grapheme" });
const key = fc.oneof(text, fc.constantFrom("__proto__", "constructor", "toString", "1", "0", ""));
const scalar: fc.Arbitrary<AttributeValue> = fc.oneof(
  text,
  fc.boolean(),
  fc.maxSafeInteger().map((int) => int + 0),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((int) => (Number.isSafeInteger(Number(int)) ? Number(int) : int)),
  fc.double().map((double) => (Number.isInteger(double) ? new Double(double) : double)),
  fc.constant(new Double(-0)),
  fc.constant(null),
  fc.uint8Array({ maxLength: 8 }).map((bytes) => new Uint8Array(bytes)),
);
const { value } = fc.letrec<{ value: AttributeValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    scalar,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.array(fc.tuple(key, tie("value")), { maxLength: 4 }).map((pairs) => new Map(pairs)),
  ),
}));
const attributes = fc.array(fc.tuple(key, value), { maxLength: 8 }).map((pairs) => new Map(pairs));
const hex = (length: number) => fc.bigInt({ min: 1n, max: 16n ** BigInt(length) - 1n }).map((id) => id.toString(16).padStart(length, "0"));
const time = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const span: fc.Arbitrary<RawSpan> = record<RawSpan>({
  traceId: hex(32),
  spanId: hex(16),
  parentSpanId: fc.oneof(hex(16), fc.constant("")),
  traceState: text,
  flags: fc.nat(),
  name: text,
  otelKind: fc.nat(5),
  startNs: time,
  endNs: time,
  attributes,
  events: fc.array(record({ timeNs: time, name: text, attributes }), { maxLength: 3 }),
  links: fc.array(record({ traceId: hex(32), spanId: hex(16), attributes }), { maxLength: 2 }),
  statusCode: fc.nat(2),
  statusMessage: text,
  resource: record({ attributes, schemaUrl: text }),
  scope: record({ name: text, version: text, attributes }),
});

function plainSpan(attributes: [string, AttributeValue][]): RawSpan {
  const empty = { attributes: new Map() };
  return {
    traceId: "1".repeat(32),
    spanId: "2".repeat(16),
    parentSpanId: "",
    traceState: "",
    flags: 0,
    name: "n",
    otelKind: 0,
    startNs: 1n,
    endNs: 2n,
    attributes: new Map(attributes),
    events: [],
    links: [],
    statusCode: 0,
    statusMessage: "",
    resource: { ...empty, schemaUrl: "" },
    scope: { ...empty, name: "", version: "" },
  };
}

describe("packRaw and unpackRaw", () => {
  test("unpack gives back what was packed, whatever inputs and outputs are", () => {
    fc.assert(
      fc.property(span, text, text, (raw, inputs, outputs) => {
        expect(unpackRaw(packRaw(raw, inputs, outputs), raw, inputs, outputs)).toStrictEqual(raw);
      }),
      { numRuns: 1_000 },
    );
  });

  test("also when an attribute is the content, as text or as a structure", () => {
    fc.assert(
      fc.property(span, fc.nat(), fc.nat(), (raw, first, second) => {
        const values = [...raw.attributes.values(), ...raw.events.flatMap((event) => [...event.attributes.values()])];
        const pick = (index: number) => {
          const chosen = values[index % Math.max(values.length, 1)] ?? "";
          return typeof chosen === "string" ? chosen : attributeJson(chosen);
        };
        const [inputs, outputs] = [pick(first), pick(second)];
        expect(unpackRaw(packRaw(raw, inputs, outputs), raw, inputs, outputs)).toStrictEqual(raw);
      }),
      { numRuns: 1_000 },
    );
  });

  test("every captured span survives", () => {
    for (const { protobuf } of captures("traces")) {
      for (const raw of decodeTraces(protobuf, "protobuf", { nowMs: capturedAtMs }).spans) {
        expect(unpackRaw(packRaw(raw, "", ""), raw, "", "")).toStrictEqual(raw);
      }
    }
  });

  test("content is stored once: text, map, list and events", () => {
    const inputs = '{"messages":[{"role":"user","content":"a long question"}],"n":1.0,"big":9007199254740993}';
    const outputs = "a long answer, as plain text";
    const structure = parseAttributeJson(inputs) as AttributeValue;
    const raw = plainSpan([
      ["text", inputs],
      ["map", structure],
      ["answer", outputs],
    ]);
    raw.events.push({ timeNs: 3n, name: "gen_ai.choice", attributes: new Map([["content", outputs]]) });
    const packed = packRaw(raw, inputs, outputs);
    expect(packed).not.toContain("long");
    expect(unpackRaw(packed, raw, inputs, outputs)).toStrictEqual(raw);
  });

  test("a structure with bytes in it is no reference, even when its JSON reads the same", () => {
    const value = new Map([["data", new Uint8Array([1, 2, 3])], ["padding", "long enough to matter"] as never]);
    const raw = plainSpan([["map", value]]);
    const inputs = attributeJson(value);
    expect(unpackRaw(packRaw(raw, inputs, ""), raw, inputs, "")).toStrictEqual(raw);
  });

  test("lone surrogates are replaced, so that the text is valid UTF-8", () => {
    const packed = packRaw(plainSpan([["a\ud800", "x\udc00y"]]), "", "");
    expect(packed).toContain('"a\ufffd","x\ufffdy"');
    expect(packed).not.toMatch(/\\u[dD][89a-fA-F]/);
  });

  test("damaged text is an error, not a different span", () => {
    const packed = packRaw(plainSpan([["k", "v"]]), "", "").replace('"v"', '{"z":1}');
    expect(() => unpackRaw(packed, { traceId: "", spanId: "" }, "", "")).toThrow("packRaw does not write");
  });
});

describe("attributeJson and parseAttributeJson", () => {
  test("what JSON can say comes back as it was", () => {
    fc.assert(
      fc.property(value.filter(isExactAsJson), (given) => {
        expect(parseAttributeJson(attributeJson(given))).toStrictEqual(given);
      }),
      { numRuns: 2_000 },
    );
  });

  test("the text is always valid JSON", () => {
    fc.assert(
      fc.property(value, (given) => {
        JSON.parse(attributeJson(given));
      }),
    );
  });

  test("reads what JSON.parse reads", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom("", " ", "\n\t"), (given, space) => {
        const json = JSON.stringify(given, null, space);
        expect(plain(parseAttributeJson(json))).toEqual(JSON.parse(json));
      }),
    );
  });

  test.each([
    "",
    " ",
    "{",
    "[1,]",
    '{"a":1,}',
    "{a:1}",
    "[1 2]",
    "01",
    "+1",
    "1.",
    ".5",
    "tru",
    '"a',
    '"a\\"',
    '"\\x"',
    '"a\nb"',
    "'a'",
    "[1]x",
    "-",
    "undefined",
    "[".repeat(100_000),
  ])("is not JSON: %.20j", (text) => expect(parseAttributeJson(text)).toBeUndefined());

  test("Python's NaN and infinities, ints beyond 64 bits, escapes, duplicate keys", () => {
    expect(
      parseAttributeJson('{"a": [NaN, Infinity, -Infinity], "b": 123456789012345678901234567890, "a2": "\\ud83d\\ude00\\ud800", "b": 2, "c": -0}'),
    ).toStrictEqual(
      new Map<string, AttributeValue>([
        ["a", [Number.NaN, Infinity, -Infinity]],
        ["b", 2],
        ["a2", "😀\ufffd"],
        ["c", 0],
      ]),
    );
    expect(parseAttributeJson("123456789012345678901234567890")).toStrictEqual(new Double(1.2345678901234568e29));
    expect(parseAttributeJson("-9223372036854775808")).toBe(-9223372036854775808n);
  });

  test("20 MB of backslashes and quotes are read in linear time", () => {
    const long = JSON.stringify('\\"'.repeat(3_000_000));
    const start = performance.now();
    expect(parseAttributeJson(`[${long}]`)).toHaveLength(1);
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});

/** Attribute values as JSON.parse would give them. */
function plain(given: AttributeValue | undefined): unknown {
  if (given instanceof Double) return given.value;
  if (typeof given === "bigint") return Number(given);
  if (Array.isArray(given)) return given.map(plain);
  // defineProperty: `__proto__` as a key of data
  if (given instanceof Map)
    return [...given].reduce(
      (object, [name, inner]) => Object.defineProperty(object, name, { value: plain(inner), enumerable: true, configurable: true, writable: true }),
      {},
    );
  return given;
}

import { Double, type RawSpan, TelltaleError } from "@telltale/model";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { captures, capturedAtMs } from "./capture-files.ts";
import { tooDeepMarker } from "./decode-limits.ts";
import { otlpMessage } from "./descriptor.ts";
import { spansByProtobufjs } from "./oracle.ts";
import { decodeTraces } from "./traces.ts";

const now = { nowMs: capturedAtMs };
const startNs = 1_795_424_909_104_549_065n;

function encode(request: object): Uint8Array {
  const type = otlpMessage("ExportTraceServiceRequest");
  return type.encode(type.fromObject(request)).finish();
}

const plainSpan = {
  traceId: Buffer.alloc(16, 1),
  spanId: Buffer.alloc(8, 2),
  name: "chat",
  startTimeUnixNano: String(startNs),
  endTimeUnixNano: String(startNs + 5n),
};

function request(...spans: object[]): object {
  return { resourceSpans: [{ scopeSpans: [{ spans }] }] };
}

function one(span: object): RawSpan {
  const { spans, rejected } = decodeTraces(encode(request({ ...plainSpan, ...span })), "protobuf", now);
  expect(rejected.count).toBe(0);
  expect(spans).toHaveLength(1);
  return spans[0] as RawSpan;
}

function json(span: object): ReturnType<typeof decodeTraces> {
  const base = { traceId: "01".repeat(16), spanId: "02".repeat(8), name: "chat", startTimeUnixNano: String(startNs), endTimeUnixNano: String(startNs + 5n) };
  return decodeTraces(Buffer.from(JSON.stringify(request({ ...base, ...span }))), "json", now);
}

describe("captures", () => {
  const all = captures("traces");

  test("there are captures", () => expect(all.length).toBeGreaterThan(100));

  test.each(all)("$name: protobuf reads as protobufjs reads it", ({ protobuf }) => {
    const { spans, rejected } = decodeTraces(protobuf, "protobuf", now);
    expect(rejected.count).toBe(0);
    expect(spans).toEqual(spansByProtobufjs(protobuf));
  });

  test.each(all)("$name: JSON reads as protobuf", ({ protobuf, json }) => {
    expect(decodeTraces(json, "json", now)).toEqual(decodeTraces(protobuf, "protobuf", now));
  });

  test("spans of one block share their resource and scope objects", () => {
    const spans = all.flatMap(({ protobuf }) => decodeTraces(protobuf, "protobuf", now).spans);
    expect(new Set(spans.map((span) => span.resource)).size).toBeLessThan(spans.length / 2);
  });
});

describe("what is kept exactly", () => {
  test("ints, doubles, bytes, nothing and nested values keep their types", () => {
    const span = one({
      attributes: [
        { key: "int", value: { intValue: "1" } },
        { key: "double", value: { doubleValue: 1 } },
        { key: "fraction", value: { doubleValue: 0.5 } },
        { key: "nan", value: { doubleValue: Number.NaN } },
        { key: "big", value: { intValue: "9223372036854775807" } },
        { key: "negative", value: { intValue: "-9223372036854775808" } },
        { key: "minus one", value: { intValue: "-1" } },
        { key: "edge", value: { intValue: "9007199254740992" } },
        { key: "bytes", value: { bytesValue: Buffer.from([0, 255]) } },
        { key: "nothing", value: {} },
        { key: "__proto__", value: { kvlistValue: { values: [{ key: "__proto__", value: { stringValue: "data" } }] } } },
        { key: "list", value: { arrayValue: { values: [{ boolValue: false }, {}, { stringValue: "日本" }] } } },
      ],
    });
    expect([...span.attributes]).toEqual([
      ["int", 1],
      ["double", new Double(1)],
      ["fraction", 0.5],
      ["nan", Number.NaN],
      ["big", 9223372036854775807n],
      ["negative", -9223372036854775808n],
      ["minus one", -1],
      ["edge", 9007199254740992n],
      ["bytes", new Uint8Array([0, 255])],
      ["nothing", null],
      ["__proto__", new Map([["__proto__", "data"]])],
      ["list", [false, null, "日本"]],
    ]);
  });

  test("a resource after its spans belongs to them", () => {
    const type = otlpMessage("ResourceSpans");
    const spansFirst = Buffer.concat([
      type.encode(type.fromObject({ scopeSpans: [{ spans: [plainSpan] }] })).finish(),
      type.encode(type.fromObject({ resource: { attributes: [{ key: "service.name", value: { stringValue: "late" } }] } })).finish(),
    ]);
    const body = Buffer.concat([Buffer.from([10, spansFirst.length]), spansFirst]);
    expect(decodeTraces(body, "protobuf", now).spans[0]?.resource.attributes.get("service.name")).toBe("late");
  });

  test("unknown fields of every wire type are passed over, groups too", () => {
    const unknown = Buffer.concat([
      Buffer.from([0xf8, 0x07, 0x96, 0x01]), // field 127, varint
      Buffer.from([0xf9, 0x07, 1, 2, 3, 4, 5, 6, 7, 8]), // fixed64
      Buffer.from([0xfa, 0x07, 2, 0xff, 0xff]), // bytes
      Buffer.from([0xfb, 0x07, 0x08, 0x01, 0x0b, 0x0c, 0xfc, 0x07]), // group with a varint and a group in it
      Buffer.from([0xfd, 0x07, 1, 2, 3, 4]), // fixed32
    ]);
    const body = Buffer.concat([unknown, encode(request(plainSpan)), unknown]);
    expect(decodeTraces(body, "protobuf", now).spans).toHaveLength(1);
  });

  test("invalid UTF-8 is replaced, never fatal", () => {
    const body = Buffer.from(encode(request({ ...plainSpan, name: "chXXt" })));
    body.set([0xff, 0xc3], body.indexOf("chXXt") + 2);
    expect(decodeTraces(body, "protobuf", now).spans[0]?.name).toBe("ch\ufffd\ufffdt");
  });

  test("a body inside a larger buffer is read from its own start", () => {
    const body = encode(request(plainSpan));
    const larger = new Uint8Array(body.length + 20);
    larger.set(body, 7);
    expect(decodeTraces(larger.subarray(7, 7 + body.length), "protobuf", now).spans).toHaveLength(1);
  });

  test("an empty body holds no spans", () => {
    expect(decodeTraces(new Uint8Array(), "protobuf", now).spans).toEqual([]);
  });
});

describe("what is refused, span by span", () => {
  test.each([
    [{ traceId: Buffer.alloc(0) }, "the trace id is empty"],
    [{ traceId: Buffer.alloc(16) }, "the trace id is all zeros"],
    [{ traceId: Buffer.alloc(15, 1) }, "the trace id is not 16 bytes"],
    [{ traceId: Buffer.alloc(4_000, 1) }, "the trace id is not 16 bytes"],
    [{ spanId: Buffer.alloc(0) }, "the span id is empty"],
    [{ spanId: Buffer.alloc(8) }, "the span id is all zeros"],
    [{ spanId: Buffer.alloc(9, 1) }, "the span id is not 8 bytes"],
    [{ parentSpanId: Buffer.alloc(3, 1) }, "the parent span id is not 8 bytes"],
    [{ startTimeUnixNano: "0" }, "the start time is missing"],
    [{ startTimeUnixNano: "1000000000" }, "the start time is before the year 2000"],
    [{ startTimeUnixNano: String(startNs + 3n * 86_400_000_000_000n) }, "the start time is more than a day in the future"],
    [{ startTimeUnixNano: "18446744073709551615" }, "the start time is more than a day in the future"],
  ])("%j", (part, reason) => {
    const { spans, rejected } = decodeTraces(encode(request(plainSpan, { ...plainSpan, ...part }, plainSpan)), "protobuf", now);
    expect(spans).toHaveLength(2);
    expect(rejected).toEqual({ count: 1, reasons: new Map([[reason, 1]]) });
  });

  test("spans beyond the limit", () => {
    const { spans, rejected } = decodeTraces(encode(request(plainSpan, plainSpan, plainSpan)), "protobuf", { ...now, maxItems: 2 });
    expect(spans).toHaveLength(2);
    expect(rejected.reasons).toEqual(new Map([["more than 2 spans in one request", 1]]));
  });
});

describe("what is mended, visibly", () => {
  test("a parent of zeros is no parent", () => expect(one({ parentSpanId: Buffer.alloc(8) }).parentSpanId).toBe(""));

  test("an end in the far future becomes the start, the original is kept", () => {
    const span = one({ endTimeUnixNano: "18446744073709551615" });
    expect(span.endNs).toBe(startNs);
    expect(span.attributes.get("telltale.end_time_unix_nano")).toBe("18446744073709551615");
  });

  test("an end before the start is left to normalisation", () => expect(one({ endTimeUnixNano: "1" }).endNs).toBe(1n));

  test("10,000 attributes: the first 1,024 are kept, the rest is counted", () => {
    const attributes = Array.from({ length: 10_000 }, (_, index) => ({ key: `k${index}`, value: { intValue: index } }));
    const span = one({ attributes, droppedAttributesCount: 4 });
    expect(span.attributes.size).toBe(1_025);
    expect(span.attributes.get("k1023")).toBe(1_023);
    expect(span.attributes.get("telltale.dropped_attributes")).toBe(10_000 - 1_024 + 4);
  });

  test("events, links and values beyond the limits are counted", () => {
    const link = { traceId: Buffer.alloc(16, 9), spanId: Buffer.alloc(8, 9) };
    const list = { arrayValue: { values: Array.from({ length: 9 }, () => ({ boolValue: true })) } };
    const body = encode(
      request({
        ...plainSpan,
        events: [{ name: "a" }, { name: "b" }, { name: "c" }],
        links: [link, link, { ...link, spanId: Buffer.alloc(1) }],
        attributes: [{ key: "l", value: list }],
      }),
    );
    const { spans } = decodeTraces(body, "protobuf", { ...now, maxEvents: 1, maxLinks: 1, maxValues: 4 });
    expect(spans[0]?.events).toHaveLength(1);
    expect(spans[0]?.links).toHaveLength(1);
    expect(Object.fromEntries(spans[0]?.attributes ?? [])).toEqual({
      l: [true, true, true, true],
      "telltale.dropped_values": 5,
      "telltale.dropped_events": 2,
      "telltale.dropped_links": 2,
    });
  });

  test("deep nesting is cut with a marker", () => {
    let value: object = { stringValue: "bottom" };
    for (let depth = 0; depth < 34; depth += 1)
      value = depth % 2 === 0 ? { arrayValue: { values: [value] } } : { kvlistValue: { values: [{ key: "k", value }] } };
    const { attributes } = one({ attributes: [{ key: "deep", value }] });
    const text = JSON.stringify([...attributes], (_, inner: unknown) => (inner instanceof Map ? [...inner.values()] : inner));
    expect(attributes.get("telltale.dropped_values")).toBe(1);
    expect(text).toContain(tooDeepMarker);
    expect(text).not.toContain("bottom");
  });

  test("a name of 5,000 characters is cut, the whole is kept in an attribute", () => {
    const span = one({ name: "x".repeat(5_000) });
    expect(span.name).toBe(`${"x".repeat(1_023)}…`);
    expect(span.attributes.get("telltale.span_name")).toHaveLength(5_000);
  });

  test("an overlong key is dropped and counted", () => {
    const span = one({ attributes: [{ key: "k".repeat(2_000), value: { intValue: 1 } }] });
    expect([...span.attributes]).toEqual([["telltale.dropped_attributes", 1]]);
  });
});

describe("malformed protobuf", () => {
  const body = Buffer.from(encode(request({ ...plainSpan, attributes: [{ key: "k", value: { stringValue: "v".repeat(300) } }], events: [{ name: "e" }] })));

  test("is one clear sentence with the byte offset", () => {
    expect(() => decodeTraces(body.subarray(0, 200), "protobuf", now)).toThrow(
      /^The body is not valid OTLP protobuf: a length of \d+ where \d+ bytes are left at byte 1\.$/,
    );
    expect(() => decodeTraces(Buffer.from("garbage"), "protobuf", now)).toThrow(TelltaleError);
  });

  test("truncated at every offset: refused or a prefix, never anything else", () => {
    for (let length = 1; length < body.length; length += 1) {
      expect(() => decodeTraces(body.subarray(0, length), "protobuf", now)).toThrow(expect.objectContaining({ code: "body_malformed" }));
    }
  });

  test.each([
    ["a group without an end", [0x0b]],
    ["the end of a group that was not begun", [0x0b, 0x14]],
    ["groups nested too deeply", Array.from({ length: 10_000 }, () => 0x0b)],
    ["a field of wire type 4", [0x0c]],
    ["a field of wire type 6", [0x0e]],
    ["field number 0", [0x00]],
    ["a tag or length beyond 32 bits", [0xff, 0xff, 0xff, 0xff, 0xff]],
    ["a number of more than 10 bytes", [0x08, ...Array.from({ length: 11 }, () => 0xff)]],
    ["the message ends inside a field", [0x09, 1, 2]],
  ])("%s", (what, bytes) => {
    expect(() => decodeTraces(Buffer.from(bytes), "protobuf", now)).toThrow(what);
  });
});

/** Bytes of an id, never all zero. */
const id = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => Buffer.from([...bytes.subarray(1), 1]));

describe("fuzz", () => {
  const bodies = captures("traces").map((capture) => capture.protobuf);
  const jsons = captures("traces").map((capture) => capture.json);

  test("random bytes", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), fc.constantFrom("protobuf" as const, "json" as const), survives), { numRuns: 3_000 });
  });

  test("bit flips, lying lengths and cuts in real bodies", () => {
    fc.assert(
      fc.property(
        fc.nat(bodies.length - 1),
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 8 }),
        fc.nat(),
        (which, changes, cut) => {
          const body = Buffer.from(bodies[which] ?? []).subarray(0, 4_096 + (cut % 4_096));
          for (const [at, byte] of changes) body[at % body.length] = byte;
          survives(body, "protobuf");
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test("damaged JSON bodies", () => {
    fc.assert(
      fc.property(fc.nat(jsons.length - 1), fc.array(fc.tuple(fc.nat(), fc.constantFrom(...'{}[]",:\\0n9-eE')), { maxLength: 4 }), (which, changes) => {
        const body = Buffer.from(jsons[which] ?? []);
        for (const [at, char] of changes) body[at % body.length] = char.charCodeAt(0);
        survives(body, "json");
      }),
      { numRuns: 300 },
    );
  });

  test("any JSON value anywhere in a span", () => {
    const names = [
      "traceId",
      "spanId",
      "parentSpanId",
      "name",
      "kind",
      "startTimeUnixNano",
      "endTimeUnixNano",
      "attributes",
      "events",
      "links",
      "status",
      "flags",
      "traceState",
    ];
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.jsonValue(), (name, value) => {
        try {
          json({ [name]: value });
        } catch (error) {
          expect(error).toBeInstanceOf(TelltaleError);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test("what protobufjs encodes is decoded as protobufjs decodes it", () => {
    const { any } = fc.letrec((tie) => ({
      any: fc.oneof(
        { depthSize: "small" },
        fc.record({ stringValue: fc.string({ unit: "binary" }) }),
        fc.record({ boolValue: fc.boolean() }),
        fc.record({ intValue: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String) }),
        fc.record({ doubleValue: fc.double() }),
        fc.record({ bytesValue: fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)) }),
        fc.record({ arrayValue: fc.record({ values: fc.array(tie("any"), { maxLength: 4 }) }) }),
        fc.record({ kvlistValue: fc.record({ values: fc.array(fc.record({ key: fc.string(), value: tie("any") }), { maxLength: 4 }) }) }),
        fc.constant({}),
      ),
    }));
    const attributes = fc.array(fc.record({ key: fc.string({ unit: "binary" }), value: any }), { maxLength: 6 });
    const span = fc.record({
      traceId: id(16),
      spanId: id(8),
      parentSpanId: id(8),
      traceState: fc.string(),
      name: fc.string({ unit: "binary" }),
      kind: fc.integer({ min: 0, max: 5 }),
      startTimeUnixNano: fc.constant(String(startNs)),
      endTimeUnixNano: fc.bigInt({ min: 0n, max: startNs }).map(String),
      attributes,
      events: fc.array(fc.record({ timeUnixNano: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String), name: fc.string(), attributes }), { maxLength: 2 }),
      links: fc.array(fc.record({ traceId: id(16), spanId: id(8), attributes }), { maxLength: 2 }),
      status: fc.record({ code: fc.integer({ min: 0, max: 2 }), message: fc.string() }),
      flags: fc.integer({ min: 0, max: 0xffffffff }),
    });
    fc.assert(
      fc.property(fc.array(span, { maxLength: 3 }), (spans) => {
        const body = encode(request(...spans));
        expect(decodeTraces(body, "protobuf", now).spans).toEqual(spansByProtobufjs(body));
      }),
      { numRuns: 300 },
    );
  });
});

describe("OTLP/JSON", () => {
  test("snake_case, enum names, number times without loss, bytes, doubles, NaN", () => {
    const body = `{"resource_spans":[{"resource":{"attributes":[]},"schema_url":"s","scope_spans":[{"scope":{"name":"n"},"spans":[{
      "trace_id":"0A0A0A0A0A0A0A0A0A0A0A0A0A0A0A0A","span_id":"AgICAgICAgI=","parent_span_id":null,"name":"n","kind":"SPAN_KIND_CLIENT",
      "start_time_unix_nano":1795424909104549065,"end_time_unix_nano":1795424909104549067,"status":{"code":"STATUS_CODE_ERROR"},
      "attributes":[
        {"key":"one","value":{"double_value":1}},{"key":"big","value":{"int_value":9223372036854775807}},{"key":"small","value":{"int_value":"-5"}},
        {"key":"float","value":{"double_value":0.12345678901234568}},{"key":"large","value":{"double_value":12345678901234567890}},
        {"key":"nan","value":{"double_value":"NaN"}},{"key":"inf","value":{"double_value":"-Infinity"}},{"key":"bytes","value":{"bytes_value":"AP8="}},
        {"key":"text","value":{"string_value":"9223372036854775807 \\"1795424909104549065\\" \\ud800"}}]}]}]}]}`;
    const [span] = decodeTraces(Buffer.from(body), "json", now).spans;
    expect(span).toMatchObject({
      traceId: "0a".repeat(16),
      spanId: "02".repeat(8),
      parentSpanId: "",
      otelKind: 3,
      statusCode: 2,
      startNs,
      endNs: startNs + 2n,
      resource: { schemaUrl: "s" },
    });
    expect(Object.fromEntries(span?.attributes ?? [])).toEqual({
      one: new Double(1),
      big: 9223372036854775807n,
      small: -5,
      float: 0.12345678901234568,
      large: new Double(1.2345678901234567e19),
      nan: Number.NaN,
      inf: -Infinity,
      bytes: new Uint8Array([0, 255]),
      text: '9223372036854775807 "1795424909104549065" \ufffd',
    });
  });

  test.each([
    [{ traceId: "zz".repeat(16) }, "the trace id is neither 32 hex digits nor base64 of 16 bytes"],
    [{ traceId: "" }, "the trace id is empty"],
    [{ spanId: "00".repeat(8) }, "the span id is all zeros"],
    [{ startTimeUnixNano: "soon" }, "the start time is not a time in nanoseconds"],
    [{ startTimeUnixNano: -5 }, "the start time is not a time in nanoseconds"],
    [{ name: { a: 1 } }, "the name is not a string"],
  ])("a span is refused: %j", (part, reason) => {
    expect(json(part)).toEqual({ spans: [], rejected: { count: 1, reasons: new Map([[reason, 1]]) } });
  });

  test("an attribute of the wrong type does not cost the span", () => {
    const { spans } = json({
      attributes: [{ key: "a", value: { intValue: "abc" } }, { key: "b", value: 5 }, { key: "c", value: { stringValue: 7 } }, "nonsense"],
    });
    expect(Object.fromEntries(spans[0]?.attributes ?? [])).toEqual({ a: "abc", b: 5, c: 7, "telltale.dropped_attributes": 1 });
  });

  test.each([
    ["{", /not valid JSON/],
    ["[]", "the body must be an object"],
    ['{"resourceSpans":{}}', "resourceSpans must be a list"],
    ['{"resourceSpans":[5]}', "an item of resourceSpans must be an object"],
    ['{"resourceSpans":[{"scopeSpans":[{"spans":[null]}]}]}', "an item of spans must be an object"],
    [`${"[".repeat(100_000)}`, "nested more than 512 levels"],
  ])("a body is refused: %.60s", (body, message) => {
    expect(() => decodeTraces(Buffer.from(body), "json", now)).toThrow(message);
    expect(() => decodeTraces(Buffer.from(body), "json", now)).toThrow(TelltaleError);
  });

  test("nested values are cut at the same depth as in protobuf", () => {
    let value: object = { stringValue: "bottom" };
    for (let depth = 0; depth < 40; depth += 1) value = { arrayValue: { values: [value] } };
    const attributes = [{ key: "deep", value }];
    expect(json({ attributes }).spans[0]?.attributes).toEqual(one({ attributes }).attributes);
  });
});

function survives(body: Uint8Array, format: "protobuf" | "json"): void {
  try {
    decodeTraces(body, format, now);
  } catch (error) {
    expect(error).toBeInstanceOf(TelltaleError);
  }
}

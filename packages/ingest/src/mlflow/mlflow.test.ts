import { Double, type AttributeValue, type RawSpan, TelltaleError } from "@telltale/model";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { capturedAtMs } from "../otlp/capture-files.ts";
import { decodeTraces } from "../otlp/traces.ts";
import { attributeJson } from "../raw/attribute-json.ts";
import { parseAttributeJson } from "../raw/parse-attribute-json.ts";
import { at, exchanges, list, type Json } from "./fixture-files.ts";
import { encodeSpanJson } from "./otlp-span-json.ts";
import { decodeTracesJson, encodeTracesJson } from "./traces-json.ts";
import { unwrapDoubleEncoding } from "./unwrap-double-encoding.ts";

const now = { nowMs: capturedAtMs };
const recorded = exchanges();

/** Spans as clients sent them to the real server, by base64 span id. */
const sent = new Map<string, RawSpan>();
for (const { path, request } of recorded) {
  const body = at(request, "protobuf_base64");
  if (path !== "/v1/traces" || typeof body !== "string") continue;
  for (const span of decodeTraces(Buffer.from(body, "base64"), "protobuf", now).spans) sent.set(base64(span.spanId), span);
}

/** Spans as the real server gave them back. */
const served = recorded.flatMap(({ fixture, response }) =>
  [...list(at(response, "trace", "spans")), ...list(at(response, "traces")).flatMap((trace) => list(at(trace, "spans")))].map((span) => ({
    fixture,
    id: String(at(span, "span_id")),
    span,
  })),
);

/** What the real server adds on store. */
const addedByServer = new Set([
  "mlflow.llm.cost",
  "mlflow.llm.model",
  "mlflow.llm.provider",
  "mlflow.chat.tokenUsage",
  "mlflow.spanInputs",
  "mlflow.spanOutputs",
  "mlflow.message.format",
]);

function base64(hex: string): string {
  return Buffer.from(hex, "hex").toString("base64");
}

function onlySent(span: Json, keys: ReadonlySet<string>): Json {
  if (!(span instanceof Map)) return span;
  const attributes = list(span.get("attributes")).filter((attribute) => {
    const key = String(at(attribute, "key"));
    return keys.has(key) || !addedByServer.has(key);
  });
  return new Map<string, AttributeValue>([...span, ["attributes", attributes]]);
}

describe("encodeSpanJson", () => {
  const pairs = served.flatMap(({ fixture, id, span }) => {
    const raw = sent.get(id);
    return raw === undefined ? [] : [{ name: `${fixture} ${id}`, span, raw }];
  });

  test("there are recordings of spans both sent and served", () => {
    expect(new Set(pairs.map((pair) => pair.raw.spanId)).size).toBeGreaterThan(20);
    expect(pairs.some((pair) => pair.name.startsWith("get_trace "))).toBe(true);
  });

  test.each(pairs)("$name: as the real server gave it back", ({ span, raw }) => {
    const ours = parseAttributeJson(encodeSpanJson(raw));
    expect(ours).toEqual(onlySent(span, new Set(raw.attributes.keys())));
  });

  test("every kind of value, with every digit", () => {
    const raw: RawSpan = {
      ...(sent.values().next().value as RawSpan),
      parentSpanId: "",
      events: [],
      statusCode: 0,
      statusMessage: "",
      attributes: new Map<string, AttributeValue>([
        ["int", 9007199254740993n],
        ["one", new Double(1)],
        ["fraction", 1e-7],
        ["nan", Number.NaN],
        ["bytes", new Uint8Array([0, 255])],
        ["null", null],
        ["empty", [new Map(), [], null]],
        ["wrapped", '{"a": 1}'],
        ["number text", "20"],
      ]),
    };
    expect(encodeSpanJson(raw)).toContain(
      '"attributes":[{"key":"int","value":{"int_value":9007199254740993}},{"key":"one","value":{"double_value":1.0}},{"key":"fraction","value":{"double_value":1e-7}},' +
        '{"key":"nan","value":{"double_value":"NaN"}},{"key":"bytes","value":{"bytes_value":"AP8="}},{"key":"null"},' +
        '{"key":"empty","value":{"array_value":{"values":[{"kvlist_value":{}},{"array_value":{}},{}]}}},' +
        '{"key":"wrapped","value":{"kvlist_value":{"values":[{"key":"a","value":{"int_value":1}}]}}},{"key":"number text","value":{"string_value":"20"}}]',
    );
  });
});

describe("unwrapDoubleEncoding", () => {
  test.each<[AttributeValue, AttributeValue]>([
    ['"LLM"', "LLM"],
    ['{"a": 1}', new Map([["a", 1]])],
    ["[1, 2.0, NaN]", [1, new Double(2), Number.NaN]],
    ["20", "20"],
    ["true", "true"],
    ["null", "null"],
    ["1.5", "1.5"],
    ["plain", "plain"],
    ['"unfinished', '"unfinished'],
    ['{"a": 1} trailing', '{"a": 1} trailing'],
    ['"\\"twice\\""', '"twice"'],
    [7, 7],
    [["[1]"], ["[1]"]],
  ])("%j", (given, expected) => expect(unwrapDoubleEncoding(given)).toStrictEqual(expected));
});

describe("traces.json", () => {
  const uploads = recorded.filter(({ path, request }) => path.endsWith("/traces.json") && at(request, "spans") !== undefined);

  test("there are recorded uploads", () => expect(uploads.length).toBeGreaterThan(5));

  test.each(uploads)("$fixture: the upload holds the spans that OTLP carried", ({ request }) => {
    for (const span of decodeTracesJson(file(request), now)) {
      const otlp = sent.get(base64(span.spanId));
      if (otlp === undefined) continue;
      expect(comparable(span)).toEqual(comparable(otlp));
    }
  });

  test.each(uploads)("$fixture: written again it reads the same as what MLflow wrote", ({ request }) => {
    const spans = decodeTracesJson(file(request), now);
    expect(spans.length).toBeGreaterThan(0);
    expect(decodeTracesJson(Buffer.from(encodeTracesJson(spans)), now)).toEqual(spans);
    const ours = parseAttributeJson(encodeTracesJson(spans));
    expect(withReadAttributes(ours)).toEqual(withReadAttributes(request));
  });

  test("double-encoded attributes are written once", () => {
    const raw = {
      ...(sent.values().next().value as RawSpan),
      attributes: new Map<string, AttributeValue>([
        ["mlflow.spanType", '"LLM"'],
        ["n", "20"],
        ["i", 20],
        ["__proto__", "x"],
      ]),
    };
    expect(encodeTracesJson([raw])).toContain('"attributes":{"mlflow.spanType":"\\"LLM\\"","n":"\\"20\\"","i":"20","__proto__":"\\"x\\""}');
  });

  test("hex ids and MLflow 2's form are read", () => {
    const body = `{"spans":[{"name":"old","context":{"trace_id":"0x1f","span_id":"0x0a0b0c0d0e0f0102"},"parent_id":null,"start_time":1795424902335197974,"end_time":1795424902417488519,
      "status_code":"OK","status_message":"","attributes":{"a":"{\\"x\\": 1}"},"events":[{"name":"e","timestamp":1795424902335197975,"attributes":{}}]}]}`;
    expect(decodeTracesJson(Buffer.from(body), now)).toMatchObject([
      {
        traceId: "1f".padStart(32, "0"),
        spanId: "0a0b0c0d0e0f0102",
        parentSpanId: "",
        startNs: 1795424902335197974n,
        statusCode: 1,
        attributes: new Map([["a", new Map([["x", 1]])]]),
        events: [{ timeNs: 1795424902335197975n }],
      },
    ]);
  });

  test.each([
    ["nonsense", "an object with a list of spans"],
    ["{}", "an object with a list of spans"],
    ['{"spans":[5]}', "span 0 must be an object"],
    ['{"spans":[{}]}', "in span 0 the trace id is empty"],
    ['{"spans":[{"trace_id":"xx"}]}', "in span 0 the trace id is neither 32 hex digits nor base64 of 16 bytes"],
    ['{"spans":[{"trace_id":"nmAj8BwYWbouPBUOKtjoIw==","span_id":"SLjEkc1jDWw=","start_time_unix_nano":"x"}]}', "in span 0 the start time is not a time"],
  ])("refused: %s", (body, message) => {
    expect(() => decodeTracesJson(Buffer.from(body), now)).toThrow(message);
    expect(() => decodeTracesJson(Buffer.from(body), now)).toThrow(TelltaleError);
  });

  test("fuzz: never throws anything but TelltaleError", () => {
    const fields = ["trace_id", "span_id", "parent_span_id", "name", "kind", "start_time_unix_nano", "events", "status", "attributes", "links", "context"];
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...fields), fc.jsonValue()), (change) => {
        const base = { trace_id: "nmAj8BwYWbouPBUOKtjoIw==", span_id: "SLjEkc1jDWw=", start_time_unix_nano: "1795424902335197974" };
        try {
          decodeTracesJson(Buffer.from(JSON.stringify({ spans: [{ ...base, ...change }] })), now);
        } catch (error) {
          expect(error).toBeInstanceOf(TelltaleError);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

/** Attribute values are JSON texts; spaces in them may differ. */
function withReadAttributes(content: Json): Json {
  return list(at(content, "spans")).map((span) => {
    const attributes = at(span, "attributes") as Map<string, string>;
    return new Map<string, AttributeValue>([
      ...(span as Map<string, AttributeValue>),
      ["attributes", new Map([...attributes].map(([key, text]) => [key, parseAttributeJson(text) ?? text]))],
    ]);
  });
}

function file(content: Json): Buffer {
  return Buffer.from(attributeJson(content ?? null));
}

/** What both ways of sending a span carry. */
function comparable(raw: RawSpan) {
  return { ...raw, resource: undefined, scope: undefined, attributes: Object.fromEntries(raw.attributes) };
}

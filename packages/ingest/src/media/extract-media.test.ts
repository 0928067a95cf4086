import { createHash } from "node:crypto";
import { Double, type AttributeValue, type RawLog, type RawSpan } from "@telltale/model";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { captures, capturedAtMs } from "../otlp/capture-files.ts";
import { decodeTraces } from "../otlp/traces.ts";
import { markedDimension } from "./blob-link.ts";
import { extractLogMedia, extractMedia } from "./extract-media.ts";

const png = Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), Buffer.alloc(9_000, 7)]);
const noise = Buffer.from(Array.from({ length: 9_001 }, (_, index) => (index * 131 + (index >> 8) * 17) & 255));
const wav = Buffer.concat([Buffer.from("RIFF\0\0\0\0WAVEfmt ", "latin1"), noise]);

function link(bytes: Uint8Array, contentType: string): string {
  return `telltale-blob://${createHash("sha256").update(bytes).digest("hex")}?content_type=${encodeURIComponent(contentType)}&size=${bytes.length}`;
}

function spanWith(attributes: Record<string, AttributeValue>): RawSpan {
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
    attributes: new Map(Object.entries(attributes)),
    events: [],
    links: [],
    statusCode: 0,
    statusMessage: "",
    resource: { attributes: new Map(), schemaUrl: "" },
    scope: { name: "", version: "", attributes: new Map() },
  };
}

/** What becomes of one attribute. */
function extracted(value: AttributeValue, key = "input.value") {
  const raw = spanWith({ [key]: value });
  const { blobs, truncated } = extractMedia(raw);
  return { value: raw.attributes.get(key), blobs, truncated };
}

test("a span that lost something when it was read is truncated", () => {
  expect(extractMedia(spanWith({ a: "b" })).truncated).toBe(false);
  expect(extractMedia(spanWith({ a: "b", "telltale.dropped_attributes": 3 })).truncated).toBe(true);
});

describe("media", () => {
  const data = png.toString("base64");
  const dataUrl = `data:image/png;base64,${data}`;

  test("a data URL as a whole attribute", () => {
    const { value, blobs, truncated } = extracted(dataUrl);
    expect(value).toBe(link(png, "image/png"));
    expect(blobs).toEqual([{ hash: createHash("sha256").update(png).digest("hex"), contentType: "image/png", bytes: png }]);
    expect(truncated).toBe(true);
  });

  test.each<[string, object, Uint8Array, string]>([
    ["OpenAI image_url", { type: "image_url", image_url: { url: dataUrl } }, png, "image/png"],
    ["OpenAI input_audio", { type: "input_audio", input_audio: { data: noise.toString("base64"), format: "wav" } }, noise, "audio/wav"],
    ["Anthropic source", { type: "image", source: { type: "base64", media_type: "image/jpeg", data: noise.toString("base64") } }, noise, "image/jpeg"],
    ["Gemini inlineData", { inlineData: { mimeType: "audio/ogg", data: noise.toString("base64") } }, noise, "audio/ogg"],
    ["Gemini inline_data, data first", { inline_data: { data: noise.toString("base64"), mime_type: "video/mp4" } }, noise, "video/mp4"],
    ["OTel blob part", { type: "blob", mime_type: "application/pdf", modality: "image", content: noise.toString("base64url") }, noise, "application/pdf"],
    ["OpenAI b64_json", { data: [{ b64_json: noise.toString("base64") }] }, noise, "image/png"],
    ["known first bytes, no context", { anything: wav.toString("base64") }, wav, "audio/wav"],
  ])("%s, as JSON text, as JSON in JSON and as a structure", (_, part, bytes, contentType) => {
    const json = JSON.stringify([{ role: "user", content: [{ type: "text", text: "what is this?" }, part] }]);
    const expected = json.replace(/(data:image\/png;base64,)?[\w+/=-]{8000,}/, link(bytes, contentType));
    expect(extracted(json).value).toBe(expected);
    expect(extracted(JSON.stringify({ body: json })).value).toBe(JSON.stringify({ body: expected }));
    const structure = asAttribute([part]);
    expect(extracted(structure).value).toEqual(asAttribute(JSON.parse(expected.replace(/^.*this\?"\},/, "[").replace(/\]\}\]$/, "]")) as unknown));
    expect(extracted(asAttribute([part])).blobs.map((blob) => Buffer.from(blob.bytes))).toEqual([Buffer.from(bytes)]);
  });

  test("slashes and line breaks escaped by JSON", () => {
    const wrapped = (data.match(/.{1,76}/g) ?? []).join("\\n").replaceAll("/", "\\/");
    expect(extracted(`{"url": "data:image\\/png;base64,${wrapped}", "x": 1}`).value).toBe(`{"url": "${link(png, "image/png")}", "x": 1}`);
  });

  test("two media and the text around them; the same one twice is one blob", () => {
    const { value, blobs } = extracted(`<${dataUrl}> and "data": "${wav.toString("base64")}" and (${dataUrl})`);
    expect(value).toBe(`<${link(png, "image/png")}> and "data": "${link(wav, "audio/wav")}" and (${link(png, "image/png")})`);
    expect(blobs).toHaveLength(2);
  });

  test("bytes", () => expect(extracted(new Uint8Array(png)).value).toBe(link(png, "image/png")));

  test("in events, links and status too", () => {
    const raw = spanWith({});
    raw.events.push({ timeNs: 1n, name: "gen_ai.choice", attributes: new Map([["content", dataUrl]]) });
    raw.statusMessage = `failed on ${dataUrl}`;
    expect(extractMedia(raw).blobs).toHaveLength(1);
    expect(raw.events[0]?.attributes.get("content")).toBe(link(png, "image/png"));
    expect(raw.statusMessage).toBe(`failed on ${link(png, "image/png")}`);
  });

  test("of a log record: body and attributes", () => {
    const { resource, scope } = spanWith({});
    const log: RawLog = {
      traceId: "",
      spanId: "",
      timeNs: 1n,
      eventName: "",
      severity: 0,
      severityText: "",
      body: new Map([["content", dataUrl]]),
      attributes: new Map([["a", dataUrl]]),
      resource,
      scope,
    };
    expect(extractLogMedia(log).blobs).toHaveLength(1);
    expect(log.body).toEqual(new Map([["content", link(png, "image/png")]]));
    expect(log.attributes.get("a")).toBe(link(png, "image/png"));
  });

  test.each([
    ["small media", `data:image/png;base64,${png.subarray(0, 3_000).toString("base64")}`],
    ["long text that looks like base64", "x".repeat(100_000)],
    ["hex", noise.toString("hex")],
    ["a list of words", "alpha\nbeta\n".repeat(2_000)],
    ["base64 of who knows what", JSON.stringify({ token: noise.toString("base64") })],
    ["a key without a content type", JSON.stringify({ data: noise.toString("base64") })],
  ])("left alone: %s", (_, text) => {
    expect(extracted(text)).toEqual({ value: text, blobs: [], truncated: false });
  });
});

describe("long text", () => {
  test("is moved whole; its beginning and a link stay", () => {
    const text = "äöü 日本 words ".repeat(150_000);
    const { value, blobs } = extracted(text);
    expect(blobs).toHaveLength(1);
    expect(Buffer.from(blobs[0]?.bytes ?? []).toString()).toBe(text);
    expect(value).toMatch(
      /^äöü .*… \[telltale: cut after 65536 of 1950000 characters, the whole text is telltale-blob:\/\/[0-9a-f]{64}\?content_type=text%2Fplain&size=\d+\]$/s,
    );
    expect(String(value).length).toBeLessThan(66_000);
  });

  test("a second call changes nothing more and still says truncated", () => {
    const raw = spanWith({ a: "word ".repeat(300_000), b: JSON.stringify({ embedding: Array.from({ length: 2_000 }, () => 0.25) }) });
    extractMedia(raw);
    const before = structuredClone([...raw.attributes]);
    expect(extractMedia(raw)).toEqual({ blobs: [], truncated: true });
    expect([...raw.attributes]).toEqual(before);
  });
});

describe("embedding vectors", () => {
  const vector = Array.from({ length: 1_536 }, (_, index) => Math.sin(index));

  test("a list of doubles becomes its dimension", () => {
    const { value } = extracted(vector, "embedding.embeddings.0.embedding.vector");
    expect(markedDimension(String(value))).toBe(1_536);
  });

  test("text that is nothing but a vector, alone or in a list", () => {
    expect(extracted(JSON.stringify(vector)).value).toBe("telltale-vector://?dimension=1536");
    expect(extracted([JSON.stringify(vector), JSON.stringify(vector)], "ai.embeddings").value).toEqual([
      "telltale-vector://?dimension=1536",
      "telltale-vector://?dimension=1536",
    ]);
  });

  test("in JSON text, with its quotes escaped as the text around it", () => {
    const body = { object: "list", data: [{ embedding: vector, index: 0 }], model: "m" };
    const left = { object: "list", data: [{ embedding: "telltale-vector://?dimension=1536", index: 0 }], model: "m" };
    expect(JSON.parse(String(extracted(JSON.stringify(body)).value))).toEqual(left);
    const nested = JSON.parse(String(extracted(JSON.stringify({ body: JSON.stringify(body) })).value)) as { body: string };
    expect(JSON.parse(nested.body)).toEqual(left);
  });

  test("in a structure, and as base64 of float32", () => {
    const value = new Map<string, AttributeValue>([["embedding", vector]]);
    expect(extracted([value], "mlflow.spanOutputs").value).toEqual([new Map([["embedding", "telltale-vector://?dimension=1536"]])]);
    const base64 = Buffer.from(new Float32Array(2_048).fill(0.1).buffer).toString("base64");
    expect(extracted(JSON.stringify({ embedding: base64 })).value).toBe('{"embedding":"telltale-vector://?dimension=2048"}');
  });

  test("token ids, short lists and mixed lists stay", () => {
    const ids = Array.from({ length: 500 }, (_, index) => index);
    const short = [0.5, 0.25];
    const mixed = [...vector, "x"];
    for (const list of [ids, short, mixed]) expect(extracted([...list], "input").value).toEqual(list);
    expect(
      extracted(
        Array.from({ length: 100 }, () => new Double(0)),
        "embedding",
      ).value,
    ).toBe("telltale-vector://?dimension=100");
  });
});

describe("cost", () => {
  test.each([
    ["one letter", "x".repeat(20_000_000)],
    ["padding", "=".repeat(20_000_000)],
    ["backslashes", "\\".repeat(20_000_000)],
    ["line breaks", "\n".repeat(20_000_000)],
    ["brackets", "[".repeat(20_000_000)],
    ["numbers without an end", `[${"1.5,".repeat(5_000_000)}`],
    ["runs one short of media", `${"a".repeat(8_191)} `.repeat(2_400)],
    ["runs of media length", `${"a".repeat(8_192)} `.repeat(2_400)],
    ["data: without data", "data:image/png;base64,".repeat(900_000)],
    ["quotes and keys", '"data":"media_type":"'.repeat(900_000)],
    ["a 15 MB image", `{"url":"data:image/png;base64,${Buffer.alloc(15_000_000, 1).toString("base64")}"}`],
  ])("20 MB of %s take linear time", (_, text) => {
    const start = performance.now();
    extracted(text);
    expect(performance.now() - start).toBeLessThan(4_000); // a tenth of it when nothing else runs
  });

  test("captured spans pass through untouched, but for the embeddings in them", () => {
    for (const { name, protobuf } of captures("traces")) {
      const [before, after] = [
        decodeTraces(protobuf, "protobuf", { nowMs: capturedAtMs }).spans,
        decodeTraces(protobuf, "protobuf", { nowMs: capturedAtMs }).spans,
      ];
      for (const [index, raw] of after.entries()) {
        const { blobs, truncated } = extractMedia(raw);
        expect([name, blobs]).toEqual([name, []]);
        if (!truncated) expect(raw).toEqual(before[index]);
      }
    }
  });
});

test("never throws, whatever the text", () => {
  const piece = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom("data:image/png;base64,", '"data":"', "[1.5,", "]", "=", "\\", '{"mime_type":"a/b",', "A".repeat(40)),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const raw = spanWith({ a: pieces.join("").repeat(4) });
      const { blobs } = extractMedia(raw, { minMediaLength: 16, maxTextLength: 700, keptTextLength: 100 });
      // a link in a text that was moved is in the blob of that text
      const text = [
        String(raw.attributes.get("a")),
        ...blobs.filter((blob) => blob.contentType === "text/plain").map((blob) => Buffer.from(blob.bytes).toString()),
      ].join();
      for (const blob of blobs) expect(text).toContain(blob.hash);
    }),
    { numRuns: 1_000 },
  );
});

/** JSON as the typed value that a client would send. */
function asAttribute(value: unknown): AttributeValue {
  if (Array.isArray(value)) return value.map(asAttribute);
  if (typeof value === "object" && value !== null) return new Map(Object.entries(value).map(([key, inner]) => [key, asAttribute(inner)]));
  return value as AttributeValue;
}

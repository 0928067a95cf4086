import { TelltaleError } from "@telltale/model";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { captures, capturedAtMs } from "./capture-files.ts";
import { otlpMessage } from "./descriptor.ts";
import { decodeMetrics } from "./metrics.ts";

const now = { nowMs: capturedAtMs };
const time = { startTimeUnixNano: "1795424909000000000", timeUnixNano: "1795424909104549065" };

function decode(metric: object) {
  const request = {
    resourceMetrics: [
      {
        resource: { attributes: [{ key: "service.name", value: { stringValue: "svc" } }] },
        scopeMetrics: [{ scope: { name: "s" }, metrics: [{ name: "m", unit: "s", ...metric }] }],
      },
    ],
  };
  const type = otlpMessage("ExportMetricsServiceRequest");
  const fromProtobuf = decodeMetrics(type.encode(type.fromObject(request)).finish(), "protobuf", now);
  expect(decodeMetrics(Buffer.from(JSON.stringify(request)), "json", now)).toEqual(fromProtobuf);
  return fromProtobuf;
}

describe("captures", () => {
  const all = captures("metrics");

  test("there are captures", () => expect(all.length).toBeGreaterThan(10));

  test.each(all)("$name: JSON reads as protobuf, every point counts something", ({ protobuf, json }) => {
    const decoded = decodeMetrics(protobuf, "protobuf", now);
    expect(decodeMetrics(json, "json", now)).toEqual(decoded);
    expect(decoded.rejected.count).toBe(0);
    expect(decoded.points.length).toBeGreaterThan(0);
    for (const point of decoded.points) {
      if (point.type === "histogram") expect(point.bucketCounts.reduce((sum, count) => sum + count, 0)).toBe(point.count);
    }
  });
});

test("gauge and sum, int and double, zero too", () => {
  const points = [
    { ...time, asInt: "0" },
    { ...time, asDouble: 1.5, attributes: [{ key: "a", value: { intValue: "1" } }] },
    { ...time, asInt: "9007199254740993" },
  ];
  const decoded = decode({ sum: { dataPoints: points } }).points;
  expect(decoded.map((point) => point.value)).toEqual([0, 1.5, 9007199254740992]);
  expect(decoded[1]).toMatchObject({
    name: "m",
    unit: "s",
    type: "sum",
    timeNs: 1795424909104549065n,
    startNs: 1795424909000000000n,
    attributes: new Map([["a", 1]]),
    scope: { name: "s" },
  });
  expect(decode({ gauge: { dataPoints: [{ ...time, asDouble: -0.5 }] } }).points[0]).toMatchObject({ type: "gauge", value: -0.5 });
});

test("a histogram keeps bounds and counts; its value is the mean", () => {
  const point = { ...time, count: "3", sum: 6, explicitBounds: [1, 2], bucketCounts: ["1", "1", "1"] };
  expect(decode({ histogram: { dataPoints: [point] } }).points[0]).toMatchObject({
    type: "histogram",
    count: 3,
    sum: 6,
    value: 2,
    bounds: [1, 2],
    bucketCounts: [1, 1, 1],
  });
});

test("an exponential histogram becomes explicit buckets", () => {
  const point = {
    ...time,
    count: "8",
    sum: 20,
    scale: 0,
    zeroCount: "2",
    positive: { offset: 1, bucketCounts: ["3", "1"] },
    negative: { offset: 0, bucketCounts: ["2"] },
  };
  const [decoded] = decode({ exponentialHistogram: { dataPoints: [point] } }).points;
  // base 2: negative bucket 0 = [-2, -1), zero bucket up to 2, positive buckets (2, 4] and (4, 8]
  expect(decoded).toMatchObject({ type: "exponential_histogram", bounds: [-2, -1, 2, 4, 8], bucketCounts: [0, 2, 2, 3, 1, 0] });
});

test("a summary keeps count and sum", () => {
  expect(decode({ summary: { dataPoints: [{ ...time, count: "4", sum: 8 }] } }).points[0]).toMatchObject({ type: "summary", count: 4, sum: 8, value: 2 });
});

test("a point flagged as having no value is passed over", () => {
  expect(decode({ gauge: { dataPoints: [{ ...time, flags: 1 }] } })).toEqual({ points: [], rejected: { count: 0, reasons: new Map() } });
});

test.each([
  [{ gauge: { dataPoints: [{ ...time }] } }, "a metric point has no value"],
  [{ gauge: { dataPoints: [{ asInt: "1" }] } }, "the time of a metric point is missing"],
  [{ histogram: { dataPoints: [{ ...time, count: "1", explicitBounds: [1, 2], bucketCounts: ["1"] }] } }, "a histogram needs one more bucket than bounds"],
  [
    { exponentialHistogram: { dataPoints: [{ ...time, scale: -30, positive: { offset: 2_000_000_000, bucketCounts: ["1"] } }] } },
    "a bucket of an exponential histogram is out of range",
  ],
  [{ name: "", gauge: { dataPoints: [{ ...time, asInt: "1" }] } }, "the metric has no name"],
])("refused with a reason: %j", (metric, reason) => {
  expect(decode(metric)).toEqual({ points: [], rejected: { count: 1, reasons: new Map([[reason, 1]]) } });
});

test("a malformed body is one clear sentence", () => {
  const body = captures("metrics")[0]?.protobuf ?? Buffer.alloc(0);
  expect(() => decodeMetrics(body.subarray(0, 100), "protobuf", now)).toThrow(/^The body is not valid OTLP protobuf: it cannot be read past byte \d+\.$/);
});

test("fuzz: damaged bodies never throw anything but TelltaleError", () => {
  const bodies = captures("metrics").map((capture) => capture.protobuf);
  fc.assert(
    fc.property(
      fc.nat(bodies.length - 1),
      fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 8 }),
      fc.nat(4_000),
      (which, changes, cut) => {
        const body = Buffer.from(bodies[which] ?? []);
        for (const [at, byte] of changes) body[at % body.length] = byte;
        try {
          decodeMetrics(body.subarray(0, body.length - (cut % body.length)), "protobuf", now);
        } catch (error) {
          expect(error).toBeInstanceOf(TelltaleError);
        }
      },
    ),
    { numRuns: 1_000 },
  );
});

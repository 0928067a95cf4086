import { TelltaleError } from "@telltale/model";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { captures, capturedAtMs } from "./capture-files.ts";
import { otlpMessage } from "./descriptor.ts";
import { decodeLogs } from "./logs.ts";
import { logsByProtobufjs } from "./oracle.ts";

const now = { nowMs: capturedAtMs };
const timeNs = 1_795_424_909_104_549_065n;

function decodeJson(record: object): ReturnType<typeof decodeLogs> {
  return decodeLogs(Buffer.from(JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] })), "json", now);
}

describe("captures", () => {
  const all = captures("logs");

  test("there are captures", () => expect(all.length).toBeGreaterThan(10));

  test.each(all)("$name: protobuf reads as protobufjs reads it, JSON as protobuf", ({ protobuf, json }) => {
    const { logs, rejected } = decodeLogs(protobuf, "protobuf", now);
    expect(rejected.count).toBe(0);
    expect(logs.length).toBeGreaterThan(0);
    expect(logs).toEqual(logsByProtobufjs(protobuf));
    expect(decodeLogs(json, "json", now)).toEqual({ logs, rejected });
  });
});

test("a log without ids and time is taken: observed time, else now", () => {
  expect(decodeJson({ body: { stringValue: "x" } }).logs[0]).toMatchObject({ traceId: "", spanId: "", timeNs: BigInt(capturedAtMs) * 1_000_000n, body: "x" });
  expect(decodeJson({ observedTimeUnixNano: String(timeNs), traceId: "0".repeat(32) }).logs[0]).toMatchObject({ traceId: "", timeNs });
});

test("the event name comes from the field, else from the attribute", () => {
  const attributes = [{ key: "event.name", value: { stringValue: "gen_ai.choice" } }];
  expect(decodeJson({ attributes }).logs[0]?.eventName).toBe("gen_ai.choice");
  expect(decodeJson({ attributes, eventName: "other" }).logs[0]?.eventName).toBe("other");
});

test("severity by number or name", () => {
  expect(decodeJson({ severityNumber: 9 }).logs[0]?.severity).toBe(9);
  expect(decodeJson({ severityNumber: "SEVERITY_NUMBER_INFO2" }).logs[0]?.severity).toBe(10);
  expect(decodeJson({ severityNumber: "SEVERITY_NUMBER_FATAL4" }).logs[0]?.severity).toBe(24);
  expect(decodeJson({ severityNumber: "loud" }).logs[0]?.severity).toBe(0);
});

test("ids of the wrong length and absurd times are refused with a reason", () => {
  const type = otlpMessage("ExportLogsServiceRequest");
  const logRecords = [{ traceId: Buffer.alloc(5, 1) }, { spanId: Buffer.alloc(5, 1) }, { timeUnixNano: "1" }, { timeUnixNano: String(timeNs) }];
  const body = type.encode(type.fromObject({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] })).finish();
  const { logs, rejected } = decodeLogs(body, "protobuf", now);
  expect(logs).toHaveLength(1);
  expect([...rejected.reasons.keys()]).toEqual([
    "the trace id of a log record is not 16 bytes",
    "the span id of a log record is not 8 bytes",
    "the time of a log record is before the year 2000",
  ]);
});

test("fuzz: damaged bodies never throw anything but TelltaleError", () => {
  const bodies = captures("logs").map((capture) => capture.protobuf);
  fc.assert(
    fc.property(
      fc.nat(bodies.length - 1),
      fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 8 }),
      fc.nat(4_000),
      (which, changes, cut) => {
        const body = Buffer.from(bodies[which] ?? []);
        for (const [at, byte] of changes) body[at % body.length] = byte;
        try {
          decodeLogs(body.subarray(0, body.length - (cut % body.length)), "protobuf", now);
        } catch (error) {
          expect(error).toBeInstanceOf(TelltaleError);
        }
      },
    ),
    { numRuns: 1_000 },
  );
});

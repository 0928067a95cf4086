import protobuf from "protobufjs/light.js";
import { expect, test } from "vitest";
import { rejectedMessage } from "./rejected.ts";
import { encodeLogsResponse, encodeMetricsResponse, encodeStatus, encodeTracesResponse } from "./responses.ts";

const root = protobuf.Root.fromJSON({
  nested: {
    Response: { fields: { partialSuccess: { type: "Partial", id: 1 } } },
    Partial: { fields: { rejected: { type: "int64", id: 1 }, errorMessage: { type: "string", id: 2 } } },
    Status: { fields: { code: { type: "int32", id: 1 }, message: { type: "string", id: 2 } } },
  },
});

test("everything taken: an empty message, `{}` in JSON", () => {
  for (const encode of [encodeTracesResponse, encodeLogsResponse, encodeMetricsResponse]) {
    expect(encode(undefined, "protobuf")).toHaveLength(0);
    expect(encode(undefined, "json").toString()).toBe("{}");
    expect(encode({ rejected: 0, message: "" }, "json").toString()).toBe("{}");
  }
});

test("a partial success in protobuf", () => {
  const type = root.lookupType("Response");
  const read = (body: Buffer) => type.toObject(type.decode(body), { longs: Number });
  expect(read(encodeTracesResponse({ rejected: 300, message: "naïve" }, "protobuf"))).toEqual({ partialSuccess: { rejected: 300, errorMessage: "naïve" } });
  expect(read(encodeLogsResponse({ rejected: 0, message: "careful" }, "protobuf"))).toEqual({ partialSuccess: { errorMessage: "careful" } });
});

test("a partial success in JSON: int64 is a string", () => {
  expect(JSON.parse(encodeTracesResponse({ rejected: 3, message: "m" }, "json").toString())).toEqual({
    partialSuccess: { rejectedSpans: "3", errorMessage: "m" },
  });
  expect(JSON.parse(encodeLogsResponse({ rejected: 3, message: "m" }, "json").toString())).toEqual({
    partialSuccess: { rejectedLogRecords: "3", errorMessage: "m" },
  });
  expect(JSON.parse(encodeMetricsResponse({ rejected: 3, message: "m" }, "json").toString())).toEqual({
    partialSuccess: { rejectedDataPoints: "3", errorMessage: "m" },
  });
});

test("google.rpc.Status", () => {
  const type = root.lookupType("Status");
  expect(type.toObject(type.decode(encodeStatus(3, "x".repeat(200), "protobuf")))).toEqual({ code: 3, message: "x".repeat(200) });
  expect(JSON.parse(encodeStatus(3, 'say "no"', "json").toString())).toEqual({ code: 3, message: 'say "no"' });
});

test("the message of a partial success names the most frequent reasons first", () => {
  expect(rejectedMessage({ count: 0, reasons: new Map() })).toBe("");
  expect(
    rejectedMessage({
      count: 3,
      reasons: new Map([
        ["a", 1],
        ["b", 2],
      ]),
    }),
  ).toBe("2 × b; 1 × a");
  expect(rejectedMessage({ count: 7, reasons: new Map(Array.from({ length: 7 }, (_, index) => [`r${index}`, 1])) })).toMatch(/; and 2 other reasons$/);
});

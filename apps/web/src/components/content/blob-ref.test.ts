import { expect, test } from "vitest";
import { isPicture, parseBlobRef } from "./blob-ref.ts";

const hash = "ab".repeat(32);

test("reads what the blob store writes", () => {
  expect(parseBlobRef(`telltale-blob://${hash}?content_type=image%2Fpng&size=1234`)).toEqual({ hash, contentType: "image/png", sizeBytes: 1234 });
  expect(parseBlobRef(`telltale-blob://${hash}`)).toEqual({ hash, contentType: "application/octet-stream", sizeBytes: undefined });
});

test.each(["telltale-blob://../../etc/passwd", `telltale-blob://${hash}/..`, `see telltale-blob://${hash}`, "https://example.org/x.png", ""])(
  "%j is no reference",
  (text) => {
    expect(parseBlobRef(text)).toBeUndefined();
  },
);

test("what can carry script is no picture", () => {
  expect(isPicture("image/svg+xml")).toBe(false);
  expect(isPicture("text/html")).toBe(false);
  expect(isPicture("image/webp")).toBe(true);
});

import { expect, test } from "vitest";
import { isPicture, parseBlobRef, parseCut } from "./blob-ref.ts";

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

test("cut text names its beginning and where the whole is", () => {
  const cut = parseCut(
    `{"a": "begin… [telltale: cut after 65536 of 20088900 characters, the whole text is telltale-blob://${hash}?content_type=text%2Fplain&size=20088900]`,
  );
  expect(cut).toEqual({ text: '{"a": "begin', totalChars: 20_088_900, blob: { hash, contentType: "text/plain", sizeBytes: 20_088_900 } });
});

test.each(["plain", "ends with ]", "… [telltale: cut after 5 of 9 characters, the whole text is https://evil.example/x]"])("%j is whole", (text) => {
  expect(parseCut(text)).toBeUndefined();
});

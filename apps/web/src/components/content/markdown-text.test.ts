import { expect, test } from "vitest";
import { docSlug, headingId, plainText } from "./markdown-text.ts";

test.each([
  ["filters.md", "filters"],
  ["./filters", "filters"],
  ["filters#operators", "filters"],
  ["https://example.org", undefined],
  ["javascript:alert(1)", undefined],
  ["#here", undefined],
  ["../secret.md", undefined],
])("%s leads to %s", (href, slug) => {
  expect(docSlug(href)).toBe(slug);
});

test("headings get ids one can link to", () => {
  expect(headingId("The filter language: `AND`!")).toBe("the-filter-language-and");
});

test("entities are undone once", () => {
  expect(plainText("a &lt; b &amp;amp; c")).toBe("a < b &amp; c");
});

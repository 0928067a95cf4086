import { expect, test } from "vitest";
import * as fc from "fast-check";
import { extraWords, queryWords } from "./words.ts";

test.each([
  ["plain ASCII has none", "Hello, world_2 don't", ""],
  ["CJK as overlapping pairs", "東京都の天気", "東京 京都 都の の天 天気"],
  ["a single character stays", "第 1 章", "第 章"],
  ["ASCII that touches other text", "GPT是什么 “Hello” plain", "gpt 是什 什么 hello"],
  ["whole words of other scripts, lower-cased", "Größe, ПРИВЕТ мир! Ελλάδα", "größe привет мир ελλάδα"],
  ["Arabic without vowel marks and tatweel", "كِتَابٌ كـتـاب", "كتاب"],
  ["composed and full-width forms are one", "cafe\u0301 ＡＢＣ ｶﾞ", "café abc ガ"],
  ["Hangul and Thai as pairs", "한국어 ไทย", "한국 국어 ไท ทย"],
  ["dashes and emoji separate", "alpha—beta 😀gamma", "alpha beta gamma"],
])("%s", (_, text, words) => {
  expect(extraWords(text)).toBe(words);
});

test("a query is split like the text", () => {
  expect(queryWords("Refund ORDER-42")).toEqual({ ascii: ["refund", "order", "42"], extra: [], within: [] });
  expect(queryWords("GPT 東京都 猫 كِتاب don’t")).toEqual({ ascii: ["gpt", "don", "t"], extra: ["東京", "京都", "كتاب"], within: ["猫"] });
  expect(queryWords("  ,;  ")).toEqual({ ascii: [], extra: [], within: [] });
});

test("every word of a text is found by the words of the text, and is one token to the engine", () => {
  const text = fc.oneof(fc.string({ unit: "grapheme", maxLength: 30 }), fc.string({ unit: fc.constantFrom(..."ab1 東京ไéا—“'_ｶ"), maxLength: 30 }));
  fc.assert(
    fc.property(text, (source) => {
      const stored = new Set(extraWords(source).split(" "));
      const plain = new Set(source.match(/[A-Za-z0-9]+/g)?.map((word) => word.toLowerCase()));
      const { ascii, extra, within } = queryWords(source);
      for (const word of extra) expect(stored).toContain(word);
      for (const word of ascii) expect(stored.has(word) || plain.has(word)).toBe(true);
      for (const word of within) expect([...stored].join(" ")).toContain(word);
      for (const word of stored) expect(word).toMatch(/^(?:[A-Za-z0-9]|\P{ASCII})*$/u);
    }),
    { numRuns: 500 },
  );
});

test("linear and bounded on large text", () => {
  const started = performance.now();
  expect(extraWords("é".repeat(2_000_000)).length).toBe(2_000_000);
  expect(extraWords(Array.from({ length: 100_000 }, (_, index) => `é${index}`).join(" ")).split(" ")).toHaveLength(50_000);
  expect(extraWords(`${"a".repeat(2_000_000)}é`).length).toBe(2_000_001);
  expect(extraWords(`${"a".repeat(2_000_000)} é`)).toBe("é");
  expect(performance.now() - started).toBeLessThan(3000);
});

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
  ["words behind the line breaks of JSON", String.raw`{"a":"Done.\nNext step\t\r\n42 x"}`, "next 42"],
  ["also when JSON is quoted twice", String.raw`"{\"a\":\"one\\nTwo three\\\\nfour\"}"`, "two four"],
  ["letters that Python escaped", String.raw`"caf\u00e9 na\u00efve \u4f60\u597d\u5417 \ud83d\ude00ok \u0648"`, "café naïve 你好 好吗 ok و"],
  ["other escapes hide nothing", String.raw`"a\"b\/c\\d \x \u12 end\"`, ""],
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

test("every word of a JSON text is found, however often it is quoted and whether or not it is escaped to ASCII", () => {
  const word = fc.constantFrom("alpha", "Beta2", "café", "naïve", "東京都", "كتاب", "😀ok", "n", "u00e9");
  const content = fc.array(fc.tuple(word, fc.constantFrom(" ", "\n", "\t", "\r\n", "\n\n", '"', "\\ ", "/")), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(content, fc.integer({ min: 0, max: 3 }), fc.boolean(), (parts, levels, isAscii) => {
      const source = parts.flat().join("");
      let text = source;
      for (let level = 0; level < levels; level += 1) {
        text = JSON.stringify(text);
        if (isAscii) text = text.replaceAll(/[^ -~]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
      }
      const stored = new Set(extraWords(text).split(" "));
      const tokens = new Set(text.match(/[A-Za-z0-9\u0080-\uffff]+/g)?.map((token) => token.toLowerCase()));
      const { ascii, extra } = queryWords(source);
      for (const found of extra) expect(stored).toContain(found);
      for (const found of ascii) expect(stored.has(found) || tokens.has(found)).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

test("linear and bounded on large text", () => {
  const started = performance.now();
  expect(extraWords("é".repeat(2_000_000)).length).toBe(2_000_000);
  expect(extraWords(Array.from({ length: 100_000 }, (_, index) => `é${index}`).join(" ")).split(" ")).toHaveLength(50_000);
  expect(extraWords(`${"a".repeat(2_000_000)}é`).length).toBe(2_000_001);
  expect(extraWords(`${"a".repeat(2_000_000)} é`)).toBe("é");
  for (const unit of ["\\", "\\n", "\\u00e9", "a\\u00e9", "\\na", "n\\", "\\u"]) extraWords(unit.repeat(200_000));
  expect(performance.now() - started).toBeLessThan(6000);
});

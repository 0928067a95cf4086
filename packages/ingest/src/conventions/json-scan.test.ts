import fc from "fast-check";
import { expect, test } from "vitest";
import { jsonMember, jsonTextMember } from "./json-scan.ts";

test("finds a top-level member without being misled by nested or quoted ones", () => {
  const source = '{"choices":[{"id":"inner","text":"\\"id\\": \\"fake\\" {["}], "id" : "chatcmpl-1", "usage": {"a": [1,2]} }';
  expect(jsonTextMember(source, "id")).toBe("chatcmpl-1");
  expect(jsonMember(source, "usage")).toBe('{"a": [1,2]}');
  expect(jsonMember(source, "absent")).toBeUndefined();
});

test("works on text cut after the member, and gives up on text cut within it", () => {
  expect(jsonTextMember('{"id":"a","choices":[{"te', "id")).toBe("a");
  expect(jsonTextMember('{"choices":[{"te', "id")).toBe("");
  expect(jsonMember('{"usage":{"a":1', "usage")).toBeUndefined();
});

test.each(["", "[]", "text", '{"id":5}', "{", '{"id"', '{"id":'])("no text in %j", (source) => {
  expect(jsonTextMember(source, "id")).toBe("");
});

test("agrees with JSON.parse on any object", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }), fc.integer({ min: 0, max: 2 }), (object, indent) => {
      const source = JSON.stringify(object, undefined, indent);
      for (const [key, value] of Object.entries(object)) {
        if (JSON.stringify(key) !== `"${key}"`) continue; // keys that need escapes are not looked for
        expect(JSON.parse(jsonMember(source, key) ?? "missing")).toEqual(JSON.parse(JSON.stringify(value)));
      }
    }),
  );
});

test("never throws on any text", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (source) => void jsonTextMember(`{${source}`, "id")));
});

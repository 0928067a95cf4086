import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestEngine } from "../analytics/questions/engine.testing.ts";
import type { EmbeddedEngine } from "./embedded.ts";
import { withLiterals } from "./literal-params.ts";

let engine: EmbeddedEngine;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ engine, close } = await openTestEngine([]));
}, 60_000);
afterAll(() => close());

test("values become typed literals; quoted texts, comments and names that are not parameters stay", () => {
  expect(withLiterals("SELECT {a:String}, '{a:String} \\' {b:UInt32}', `{a:String}` -- {a:String}\n/* {b:UInt32} */ + {b:UInt32}", { a: "x", b: 7 })).toBe(
    "SELECT _CAST('x', 'String'), '{a:String} \\' {b:UInt32}', `{a:String}` -- {a:String}\n/* {b:UInt32} */ + _CAST(7, 'UInt32')",
  );
});

test.each([
  ["an unknown type", "SELECT {a:Identifier}", { a: "x" }],
  ["a number that is none", "SELECT {a:UInt32}", { a: "7 OR 1" }],
  ["a list with such a number", "SELECT {a:Array(UInt32)}", { a: [1, "2) OR (1"] }],
  ["a list for a single value", "SELECT {a:String}", { a: ["x"] }],
  ["a value that is missing", "SELECT {a:String}", { b: "x" }],
  ["a statement that would be too long", "SELECT {a:String}", { a: "x".repeat(300_000) }],
])("left to the driver: %s", (_, sql, params) => {
  expect(withLiterals(sql, params)).toBeUndefined();
});

test("any text arrives as it is", async () => {
  const text = fc
    .oneof(fc.string({ unit: "grapheme", maxLength: 40 }), fc.stringMatching(/^['"`\\{}:$ \n\t\0-]{0,20}$/))
    .filter((value) => Buffer.from(value).toString() === value);
  await fc.assert(
    fc.asyncProperty(fc.array(text, { maxLength: 8 }), text, async (list, one) => {
      const rows = await engine.query<{ one: string; list: string[]; n: number }>("SELECT {one:String} AS one, {list:Array(String)} AS list, {n:UInt32} AS n", {
        one,
        list,
        n: 5,
      });
      expect(rows).toEqual([{ one, list, n: 5 }]);
    }),
    { numRuns: 60 },
  );
});

test("a page is answered while a scan with parameters runs on another lane, and so is an insert", async () => {
  const abort = new AbortController();
  const scan = engine.query(
    "SELECT count() AS n FROM system.numbers WHERE NOT ignore(cityHash64(number, {salt:String}))",
    { salt: "x" },
    { lane: "heavy", signal: abort.signal, maxSeconds: 60 },
  );
  const ended = scan.then(
    () => "ended",
    (error: { code?: string }) => error.code,
  );
  expect(await engine.query("SELECT {a:String} AS a", { a: "page" })).toEqual([{ a: "page" }]);
  await engine.command("CREATE TABLE beside (a String) ENGINE = MergeTree ORDER BY a");
  await engine.command("INSERT INTO beside VALUES ({a:String})", { a: "written" });
  expect(await engine.query("SELECT a FROM beside WHERE a = {a:String} LIMIT {n:UInt32}", { a: "written", n: 1 })).toEqual([{ a: "written" }]);
  abort.abort();
  expect(await ended).toBe("query_cancelled");
});

import { expect, test } from "vitest";
import { argumentProblems } from "./argument-problems.ts";

const kinds = (args: unknown, schema: unknown): string[] => argumentProblems(args, schema).map(({ kind, path }) => `${kind} ${path}`);

const flight = {
  type: "dict",
  properties: {
    legs: { type: "array", items: { $ref: "#/$defs/leg" } },
    price: { type: "float" },
    seats: { type: "int" },
    tags: { type: "array", enum: ["window", "aisle"] },
    note: { type: ["string", "null"] },
    class: { anyOf: [{ type: "string", enum: ["economy", "business"] }, { type: "null" }] },
    extra: { type: "object", additionalProperties: { type: "number" } },
  },
  required: ["legs"],
  $defs: { leg: { type: "object", properties: { from: { type: "string" } }, required: ["from"] } },
};

test.each([
  [{ legs: [] }, []],
  [{ legs: [{ from: "JFK" }], price: 3, seats: 2, tags: ["aisle"], note: null, class: "economy", extra: { bag: 1 } }, []],
  [{}, ["missing legs"]],
  [{ legs: [{ from: "JFK" }, {}] }, ["missing legs[1].from"]],
  [{ legs: [{ from: 7 }] }, ["type legs[0].from"]],
  [{ legs: [{ from: "JFK", to: "SEA" }] }, ["unexpected legs[0].to"]],
  [{ legs: [], seats: 1.5 }, ["type seats"]],
  [{ legs: [], seats: true }, ["type seats"]],
  [{ legs: [], tags: ["aisle", "roof"] }, ["enum tags"]],
  [{ legs: [], class: "first" }, ["type class"]],
  [{ legs: null }, ["type legs"]],
  [{ legs: [], toString: 1 }, ["unexpected toString"]],
  [[], ["type "]],
])("%j", (args, expected) => {
  expect(kinds(args, flight)).toEqual(expected);
});

test("what a schema does not say clearly is not judged", () => {
  for (const schema of [
    undefined,
    null,
    true,
    "object",
    [],
    {},
    { type: "object" },
    { type: "object", properties: {} },
    { type: "strange" },
    { $ref: "https://example.com/x.json" },
    { $ref: "#/nowhere" },
  ]) {
    expect(kinds({ a: 1 }, schema), JSON.stringify(schema)).toEqual([]);
  }
  expect(kinds({ a: 1, b: 2 }, { type: "object", properties: { a: {} }, additionalProperties: true })).toEqual([]);
});

test("schemas made to hang or to fill memory do neither", () => {
  const circle = { $ref: "#" };
  const bomb = { $ref: "#/$defs/a", $defs: { a: { anyOf: Array.from({ length: 50 }, () => ({ $ref: "#/$defs/a" })) } } };
  const wide = { type: "object", required: Array.from({ length: 100_000 }, (_, i) => `p${i}`) };
  const deep = JSON.parse(`${'{"items":'.repeat(500)}{}${"}".repeat(500)}`) as unknown;
  const started = performance.now();
  for (const schema of [circle, bomb, wide, deep]) argumentProblems({ a: [[[1]]] }, schema);
  argumentProblems(
    Array.from({ length: 200_000 }, () => "x"),
    { type: "array", items: { type: "string" } },
  );
  expect(performance.now() - started).toBeLessThan(2_000);
  expect(argumentProblems({}, { type: "object", properties: { constructor: { type: "string" } }, required: ["constructor"] })).toHaveLength(1);
});

import { type AttributeValue, Double } from "@telltale/model";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { captureNames, capturedRun } from "../golden/captured-run.ts";
import { rawEvent, rawLog, rawSpan } from "../golden/raw-span.ts";
import { readContent } from "./content/content.ts";
import { normaliseSpan } from "./normalise.ts";
import { conventions } from "./registry.ts";

describe("the list of conventions", () => {
  test("has unique names and says what each is", () => {
    expect(new Set(conventions.map(({ name }) => name)).size).toBe(conventions.length);
    for (const { name, summary } of conventions) {
      expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
      expect(summary.length).toBeGreaterThan(10);
    }
  });

  test("ends with one that takes everything, and only that one does", () => {
    expect(conventions.filter((convention) => convention.recognises(rawSpan({}), 0)).map(({ name }) => name)).toEqual(["other"]);
    expect(conventions.at(-1)?.name).toBe("other");
  });
});

/** Keys that real SDKs write: these are the ones that reach the readers. */
const keys = [...new Set(captureNames.flatMap((name) => capturedRun(name).spans.flatMap(({ raw }) => [...raw.attributes.keys()])))];

const value: fc.Arbitrary<AttributeValue> = fc.letrec<{ value: AttributeValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.string({ unit: "binary" }),
    fc.constantFrom(
      "[",
      "{",
      '"',
      "{}",
      "[]",
      "null",
      '{"messages":[null,1,"x",{}]}',
      '[{"role":5,"content":[[[]]]}]',
      '{"choices":[{}],"usage":[]}',
      "NaN",
      "-1",
    ),
    fc.json(),
    fc.double(),
    fc.integer(),
    fc.bigInt(),
    fc.boolean(),
    fc.constant(null),
    fc.double().map((number) => new Double(number)),
    fc.uint8Array({ maxLength: 8 }),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.array(fc.tuple(fc.string(), tie("value")), { maxLength: 4 }).map((entries) => new Map(entries)),
  ),
})).value;

const attributes = fc.dictionary(fc.oneof(fc.constantFrom(...keys, "__proto__", "constructor"), fc.string()), value, { maxKeys: 40, noNullPrototype: false });

test("normalising never throws and never makes a broken number, whatever the attributes hold", () => {
  fc.assert(
    fc.property(
      attributes,
      attributes,
      fc.constantFrom(...conventions.map(({ name }) => name), "litellm", "strands.telemetry.tracer"),
      value,
      (given, event, scopeName, body) => {
        const raw = rawSpan(given, { scopeName, events: [rawEvent("gen_ai.choice", event), rawEvent("exception", event)] });
        const logs = [rawLog("gen_ai.user.message", body, event)];
        const span = normaliseSpan(raw, logs);
        for (const number of [...Object.values(span.usage), span.ttftMs, span.cost.usd, span.httpStatus]) {
          expect(number === undefined || (Number.isFinite(number) && number >= 0)).toBe(true);
        }
        readContent(raw, logs);
      },
    ),
    { numRuns: 2_000 },
  );
});

test("normalising does not change what it reads", () => {
  for (const { raw, logs } of capturedRun("py-litellm-otel").spans) {
    const before = structuredClone(raw.attributes);
    normaliseSpan(raw, logs);
    readContent(raw, logs);
    expect(raw.attributes).toEqual(before);
  }
});

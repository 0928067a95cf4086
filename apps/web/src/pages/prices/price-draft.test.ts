import { tokenClasses as ofSchema } from "@telltale/model/api";
import { expect, test } from "vitest";
import { copyRates, draftOf, newDraft, overrideOf } from "./price-draft.ts";
import { tokenClasses } from "./token-class-list.ts";

const stored = {
  id: "a",
  provider: null,
  model: "llama*",
  from: "2026-06-01",
  usd_per_million: { input: 0.00001, output: 2.5 },
  long_context: [
    { above_tokens: 1000, usd_per_million: { input: 2 } },
    { above_tokens: 9000, usd_per_million: { input: 3 } },
  ],
  note: "ours",
  created_at: "2026-06-01T00:00:00.000Z",
};

test("knows every class of the API", () => {
  expect([...tokenClasses].toSorted()).toEqual([...ofSchema].toSorted());
});

test("a stored price comes back as it was, thresholds that are not shown included", () => {
  expect(overrideOf(draftOf(stored), stored)).toEqual({
    price: {
      provider: null,
      model: "llama*",
      from: "2026-06-01",
      usd_per_million: { input: "0.00001", output: "2.5" },
      long_context: [{ above_tokens: 1000, usd_per_million: { input: "2" } }, stored.long_context[1]],
      note: "ours",
    },
  });
});

test.each([
  [newDraft(), "Name the model."],
  [newDraft("m"), "Give at least one rate; 0 is how a free model is written."],
  [{ ...newDraft("m"), rates: { ...newDraft().rates, input: "1,5" } }, '"1,5" is not an amount of USD per million tokens with up to six decimals.'],
  [{ ...newDraft("m"), rates: { ...newDraft().rates, input: "1" }, above: "many" }, "The threshold is a whole number of tokens."],
])("says what is wrong with %j", (draft, problem) => {
  expect(overrideOf(draft)).toEqual({ problem });
});

test("starts from the rates of a known model, its standard tier of now", () => {
  const history = [
    {
      from: null,
      rates: [
        { tier: "batch", above_tokens: null, usd_per_million: { input: 1 } },
        { tier: "standard", above_tokens: 200_000, usd_per_million: { input: 4 } },
        { tier: "standard", above_tokens: null, usd_per_million: { input: 2, output: 8 } },
      ],
    },
  ];
  const draft = copyRates(newDraft("mine"), { source: "table", provider: "x", model: "y", id: null, history });
  expect(draft).toMatchObject({ model: "mine", above: "200000", rates: { input: "2", output: "8" }, longRates: { input: "4" } });
});

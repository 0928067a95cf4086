import { expect, test } from "vitest";
import { listPrices, listedKey, nearestModels } from "./list-prices.ts";

test("pages through every model once, in order", () => {
  const seen: string[] = [];
  let after: string | undefined;
  for (;;) {
    const page = listPrices({}, { after, limit: 500 });
    seen.push(...page.data.map(listedKey));
    after = seen.at(-1);
    if (!page.hasMore) break;
  }
  expect(seen).toEqual([...new Set(seen)].toSorted());
  expect(seen.length).toBe(listPrices({}, { limit: 1 }).total);
  expect(seen.length).toBeGreaterThan(2000);
});

test("finds by words in any order, and by a provider in any spelling", () => {
  const { data } = listPrices({ search: "O3 OpenAI" }, { limit: 100 });
  expect(data.map(listedKey)).toContain("openai/o3");
  expect(listPrices({ search: "gpt-4o", provider: "azure.ai.openai" }, { limit: 5 }).data.every((entry) => entry.provider === "azure")).toBe(true);
  expect(listPrices({ search: "no such model" }, { limit: 5 })).toEqual({ data: [], hasMore: false, total: 0 });
});

test("tells the history of a price with its tiers, newest first", () => {
  const [o3] = listPrices({ search: "openai/o3" }, { limit: 100 }).data.filter((entry) => listedKey(entry) === "openai/o3");
  expect(o3?.history.map((period) => period.from)).toEqual(["2025-06-10", undefined]);
  expect(o3?.history[0]?.rates).toContainEqual({ tier: "", above: -1, rates: { input: "2", output: "8", cacheRead: "0.5" } });
});

test("suggests the nearest known names, of the same provider first", () => {
  expect(nearestModels("openai", "gpt-4o-mini-finance")[0]).toEqual({ provider: "openai", model: "gpt-4o-mini" });
  expect(nearestModels("anthropic", "claude-sonnet-4-5-preview")[0]?.provider).toBe("anthropic");
  expect(nearestModels("openai", "")).toEqual([]);
  expect(nearestModels("x", "qqqqqqqqqqqqqqqqqqqqqqqq")).toEqual([]);
});

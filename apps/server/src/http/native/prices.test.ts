import { priceOf } from "@telltale/ingest/pricing";
import { expect, test } from "vitest";
import { PriceBook } from "../../prices/price-book.ts";
import { appUnderTest } from "../app-under-test.ts";
import { FakeStore } from "../fake-store.ts";

const json = { "content-type": "application/json" };

async function pricesApp() {
  const { app } = await appUnderTest();
  const get = async (query = "") => (await app.inject({ url: `/api/v1/prices${query}` })).json();
  const put = (body: unknown) => app.inject({ method: "PUT", url: "/api/v1/prices", headers: json, payload: JSON.stringify(body) });
  return { app, get, put };
}

test("the built-in table is listed with history, page by page", async () => {
  const { get } = await pricesApp();
  const first = await get("?search=openai/o3&limit=1");
  expect(first.data[0]).toMatchObject({ source: "table", provider: "openai", id: null });
  expect(first.next_cursor).not.toBeNull();
  const all = [...first.data];
  for (let cursor = first.next_cursor; cursor !== null;) {
    const page = await get(`?search=openai/o3&limit=3&cursor=${encodeURIComponent(cursor)}`);
    all.push(...page.data);
    cursor = page.next_cursor;
  }
  expect(all.length).toBe(first.total);
  const o3 = all.find((price) => price.provider === "openai" && price.model === "o3");
  expect(o3.history[0]).toMatchObject({ from: "2025-06-10" });
  expect(o3.history[0].rates).toContainEqual({ tier: "standard", above_tokens: null, usd_per_million: { input: 2, output: 8, cached: 0.5 } });
  expect((await get("?cursor=nonsense")).type).toBe("urn:telltale:error:cursor_invalid");
});

test("an own price is listed first, wins from its day on, and is what the next span costs", async () => {
  const { get, put } = await pricesApp();
  const mine = {
    provider: "azure_openai",
    model: "acme-*",
    from: "2026-06-01",
    usd_per_million: { input: 1.5, output: "6.00", cached: 0.15 },
    note: "contract",
  };
  const saved = await put({ overrides: [mine] });
  expect(saved.statusCode).toBe(200);
  expect(saved.json().overrides[0]).toMatchObject({ provider: "azure", model: "acme-*", usd_per_million: { input: 1.5, output: 6, cached: 0.15 }, note: "contract" }); // prettier-ignore
  const { data, revision } = await get("?search=acme");
  expect(data).toMatchObject([{ source: "override", model: "acme-*", id: saved.json().overrides[0].id, history: [{ from: "2026-06-01" }] }]);
  // The same price said in other words is the same price.
  const again = await put({ overrides: [{ ...mine, provider: "Azure", usd_per_million: { cached: "0.150", output: 6, input: 1.5 } }], revision });
  expect(again.json().revision).toBe(revision);
});

test.each([
  [{ model: "x", usd_per_million: { input: -1 } }, /"-1" is not an amount/],
  [{ model: "x", usd_per_million: {} }, /no rate is given; 0 is how a free model is written/],
  [{ model: "x", from: "soon", usd_per_million: { input: 1 } }, /"soon" is not a date/],
  [{ model: "x", usd_per_million: { inputs: 1 } }, /inputs/],
  [{ model: "", usd_per_million: { input: 1 } }, /model/],
  [{ model: "x", usd_per_million: { input: 1 }, long_context: [{ above_tokens: -5, usd_per_million: {} }] }, /whole number of tokens above 0/],
])("refuses %j with one sentence and changes nothing", async (override, message) => {
  const { get, put } = await pricesApp();
  const answer = await put({ overrides: [override] });
  expect(answer.statusCode).toBe(400);
  expect(answer.json().detail).toMatch(message);
  expect((await get("?limit=1")).overrides).toEqual([]);
});

test("refuses two prices of one name from the same day, and a change that rests on an older revision", async () => {
  const { get, put } = await pricesApp();
  const twins = [{ model: "x", usd_per_million: { input: 1 } }, { model: "X", usd_per_million: { input: 2 } }]; // prettier-ignore
  expect((await put({ overrides: twins })).json().detail).toMatch(/two prices of "X"/);
  const { revision } = await get("?limit=1");
  await put({ overrides: twins.slice(0, 1), revision });
  const late = await put({ overrides: [], revision });
  expect(late.statusCode).toBe(409);
  expect((await get("?limit=1")).overrides.length).toBe(1);
});

test("a price that was replaced changes what comes after it at once", async () => {
  const book = new PriceBook(new FakeStore().prices);
  await book.load();
  const ask = () =>
    priceOf({
      provider: "mine",
      requestModel: "",
      responseModel: "llama-9",
      serviceTier: "",
      atNs: 1_795_500_000_000_000_000n,
      overrides: book.overrides,
      usage: { input: 1_000_000, output: 0 } as never,
    });
  expect(ask().source).toBe("unknown");
  await book.replace([{ model: "llama*", usd_per_million: { input: 0.25, output: 1 } }], undefined);
  expect(ask()).toMatchObject({ usd: 0.25, priceVersion: `override:${book.listed[0]?.id}` });
  await book.replace([{ model: "llama*", usd_per_million: { input: 0, output: 0 } }], book.revision);
  expect(ask()).toMatchObject({ usd: 0, source: "computed" });
});

import { readFileSync } from "node:fs";
import type { Usage } from "@telltale/model";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type PriceOverride,
  PriceOverrides,
  type PriceQuestion,
  exactRates,
  priceOf,
  priceTableVersion,
  rateClasses,
  rateOf,
  splitTokens,
  toUsd,
} from "./index.ts";

const noUsage: Usage = {
  input: undefined,
  output: undefined,
  cacheRead: undefined,
  cacheWrite: undefined,
  cacheWrite1h: undefined,
  reasoning: undefined,
  inputAudio: undefined,
  outputAudio: undefined,
  inputImage: undefined,
};

function ask(question: Partial<Omit<PriceQuestion, "usage">> & { usage?: Partial<Usage>; at?: string }) {
  const { at = "2026-11-23", usage = { input: 1_000_000, output: 0 }, ...rest } = question;
  const atNs = BigInt(Date.parse(`${at}T12:00:00Z`)) * 1_000_000n;
  return priceOf({ provider: "openai", requestModel: "", responseModel: "", serviceTier: "", atNs, ...rest, usage: { ...noUsage, ...usage } });
}

interface Vector {
  id: string;
  provider: string;
  model: string;
  at: string;
  service_tier: string;
  usage: Record<string, number>;
  expected_usd: string | null;
}
const { vectors } = JSON.parse(readFileSync(new URL("../../fixtures/prices.json", import.meta.url), "utf8")) as { vectors: Vector[] };

describe("published prices", () => {
  test.each(vectors)("$id: $provider $model", (vector) => {
    const { usage } = vector;
    const price = ask({
      provider: vector.provider,
      requestModel: vector.model,
      serviceTier: vector.service_tier,
      at: vector.at,
      usage: {
        input: usage["input_tokens"],
        output: usage["output_tokens"],
        cacheRead: usage["cache_read"],
        cacheWrite: usage["cache_write"],
        cacheWrite1h: usage["cache_write_1h"],
        reasoning: usage["reasoning"],
        inputAudio: usage["input_audio"],
        outputAudio: usage["output_audio"],
      },
    });
    if (vector.expected_usd === null) return expect(price).toEqual({ usd: undefined, source: "unknown", priceVersion: priceTableVersion });
    expect(price.usd).toBeCloseTo(Number(vector.expected_usd), 12);
    expect(price).toMatchObject({ source: "computed", priceVersion: priceTableVersion });
  });
});

describe("which model is meant", () => {
  const same = [
    ["openai", "gpt-4o-mini-2024-07-18"],
    ["openai", "GPT-4o-mini"],
    ["openai", "openai/gpt-4o-mini"],
    ["", "openai/gpt-4o-mini"],
    ["", "gpt-4o-mini"],
    ["litellm", "openai/gpt-4o-mini"],
    ["openai", "gpt-4o-mini-2031-01-31"],
    ["azure.ai.openai", "gpt-4o-mini"],
  ] as const;
  test.each(same)("%s %s costs what gpt-4o-mini costs", (provider, responseModel) => {
    expect(ask({ provider, responseModel }).usd).toBe(0.15);
  });

  test.each([
    ["gcp.gemini", "gemini-2.5-flash-001", 0.3],
    ["google", "models/gemini-2.5-flash", 0.3],
    ["gcp.vertex_ai", "publishers/google/models/gemini-2.5-flash", 0.3],
    ["anthropic", "claude-3-opus-20240229", 15],
    ["anthropic", "claude-3-5-sonnet-latest", 3],
    ["google-vertex", "claude-sonnet-4-5@20250929", 3],
    ["aws.bedrock", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", 3.3],
    ["bedrock", "bedrock/anthropic.claude-sonnet-4-5-20250929-v1:0", 3],
    ["aws.bedrock", "arn:aws:bedrock:us-east-1:1234:inference-profile/us.anthropic.claude-sonnet-4-5-20250929-v1:0", 3.3],
    ["openai", "claude-sonnet-4-5", 3],
    ["openai", "ft:gpt-4o-mini-2024-07-18:acme::abc123", 0.3],
  ])("%s %s costs %d USD for a million input tokens", (provider, responseModel, usd) => {
    expect(ask({ provider, responseModel, usage: { input: 100_000 } }).usd).toBeCloseTo(usd / 10, 12);
  });

  test.each([
    ["openai", "gpt-9-ultra"],
    ["openai", "gpt-4o-mini-my-tune"],
    ["openai", "gpt-oss-120b"],
    ["ollama", "gpt-4o-mini"],
    ["vllm", "deepseek-chat"],
    ["groq", "openai/gpt-4o-mini"],
    ["aws.bedrock", "mars.anthropic.claude-sonnet-4-5-20250929-v1:0"],
    ["", ""],
    ["openai", "/"],
    ["openai", "constructor"],
    ["__proto__", "toString"],
  ])("%s %s stays unknown", (provider, responseModel) => {
    expect(ask({ provider, responseModel })).toEqual({ usd: undefined, source: "unknown", priceVersion: priceTableVersion });
  });

  test("the model that answered decides, and the one asked for when that is unknown", () => {
    expect(ask({ responseModel: "gpt-4o", requestModel: "gpt-4o-mini" }).usd).toBe(2.5);
    expect(ask({ responseModel: "my-deployment-7", requestModel: "gpt-4o-mini" }).usd).toBe(0.15);
  });
});

describe("which rate applies", () => {
  test("the price of the day of the call", () => {
    expect(ask({ responseModel: "o3", at: "2025-06-09" }).usd).toBe(10);
    expect(ask({ responseModel: "o3", at: "2025-06-10" }).usd).toBe(2);
    expect(ask({ responseModel: "gpt-5.6", at: "2026-08-20", usage: { input: 1000 } }).usd).toBe(0.005);
  });

  test("the long-context rate holds for the whole request, above the threshold only", () => {
    expect(ask({ responseModel: "gpt-5.4", usage: { input: 272_000 } }).usd).toBe(0.68);
    expect(ask({ responseModel: "gpt-5.4", usage: { input: 272_001 } }).usd).toBe(1.360005);
    expect(ask({ responseModel: "gpt-5.4", usage: { input: 300_000 }, serviceTier: "batch" }).usd).toBe(0.75);
  });

  test("a tier's unstated rate is standard's, and an unknown tier is standard", () => {
    expect(ask({ responseModel: "o3", serviceTier: "BATCH", usage: { input: 2000, cacheRead: 1000 } }).usd).toBe(0.0015);
    expect(ask({ responseModel: "o3", serviceTier: "auto" }).usd).toBe(2);
    expect(ask({ responseModel: "o3", serviceTier: "default" }).rates).toEqual({ input: "2", output: "8", cacheRead: "0.5" });
  });

  test("a one-hour write is part of the writes when both are reported", () => {
    const usage = { input: 10_000, output: 0, cacheWrite: 9000, cacheWrite1h: 4000 };
    expect(ask({ provider: "anthropic", responseModel: "claude-sonnet-4-5", usage }).usd).toBeCloseTo(0.003 + 5000 * 3.75e-6 + 4000 * 6e-6, 12);
  });

  test("nothing counted is nothing to price, known model or not", () => {
    for (const responseModel of ["gpt-4o", "my-private-model"]) {
      expect(ask({ responseModel, usage: {} })).toEqual({ usd: undefined, source: "none", priceVersion: "" });
      expect(ask({ responseModel, usage: { input: 0, output: 0 } }).source).toBe("none");
    }
  });
});

const own = (...overrides: PriceOverride[]) => new PriceOverrides(overrides);

describe("the operator's own prices", () => {
  test("win over the table, by whole name, provider and day", () => {
    const overrides = own(
      { id: "a", model: "gpt-4o*", provider: "azure.ai.openai", rates: { input: "2", output: "9.99" } },
      { id: "b", model: "gpt-4o*", provider: "azure", from: "2026-06-01", rates: { input: "1.5", output: "9" } },
    );
    const azure = { provider: "azure", responseModel: "gpt-4o", overrides };
    expect(ask({ ...azure, at: "2026-05-31" })).toEqual({ usd: 2, source: "computed", priceVersion: "override:a", rates: { input: "2", output: "9.99" } });
    expect(ask(azure)).toMatchObject({ usd: 1.5, priceVersion: "override:b@2026-06-01" });
    expect(ask({ responseModel: "gpt-4o", overrides }).priceVersion).toBe(priceTableVersion);
    expect(ask({ ...azure, responseModel: "my-gpt-4o" }).source).toBe("unknown");
  });

  test("hold at any length of input, or cost more above a threshold, the rest as before it", () => {
    const overrides = own({ id: "long", model: "mine", rates: { input: "1", output: "4" }, longContext: [{ above: 200_000, rates: { input: "2" } }] });
    const usage = (input: number) => ask({ responseModel: "mine", overrides, usage: { input, output: 1000 } }).usd;
    expect(usage(200_000)).toBe(0.204);
    expect(usage(200_001)).toBe(0.404002);
  });

  test("a price of nothing is a price", () => {
    const overrides = own({ id: "local", model: "llama*", rates: { input: "0", output: "0" } });
    expect(ask({ provider: "ollama", responseModel: "llama3:8b", overrides })).toMatchObject({ usd: 0, source: "computed" });
  });

  test("without a rate for output, a call with output stays unknown", () => {
    const overrides = own({ id: "half", model: "x", rates: { input: "1" } });
    expect(ask({ responseModel: "x", overrides, usage: { input: 10, output: 1 } })).toMatchObject({ usd: undefined, source: "unknown" });
  });

  test.each([
    { model: " ", rates: { input: "1" } },
    { model: "x", rates: {} },
    { model: "x".repeat(301), rates: { input: "1" } },
    { model: "x", from: "yesterday", rates: { input: "1" } },
    { model: "x", from: "2026-02-30", rates: { input: "1" } },
    { model: "x", rates: { input: "1" }, longContext: [{ above: 0.5, rates: {} }] },
    {
      model: "x",
      rates: { input: "1" },
      longContext: [
        { above: 9, rates: {} },
        { above: 9, rates: {} },
      ],
    },
    { model: "x", rates: { input: "-1" } },
    { model: "x", rates: { output: "1e3" } },
    { model: "x", rates: { output: "0.0000001" } },
  ])("refuses %j", (override) => {
    expect(() => own({ id: "bad", ...override })).toThrowError(expect.objectContaining({ code: "bad_request" }));
  });
});

test("classes of tokens are disjoint and add up to the cost", () => {
  const tokens = fc.integer({ min: 0, max: 1_000_000 });
  const usages = fc.record({ input: tokens, output: tokens, cacheRead: tokens, cacheWrite: tokens, cacheWrite1h: tokens, reasoning: tokens, inputAudio: tokens, outputAudio: tokens, inputImage: tokens }); // prettier-ignore
  fc.assert(
    fc.property(usages, (usage) => {
      const price = ask({ provider: "anthropic", responseModel: "claude-sonnet-4-5", usage });
      fc.pre(price.rates !== undefined);
      const split = splitTokens(usage);
      const rates = exactRates(price.rates ?? {});
      expect(split.output + split.reasoning + split.outputAudio).toBe(usage.output);
      expect(toUsd(rateClasses.flatMap((name) => [split[name], rateOf(rates, name)]))).toBe(price.usd);
    }),
  );
});

test("money is exact: it equals the same sum in integers, for any counts", () => {
  const tokens = fc.integer({ min: 0, max: 4_294_967_295 });
  fc.assert(
    fc.property(tokens, tokens, tokens, (input, output, cacheRead) => {
      fc.pre(input >= cacheRead && input + output > 0);
      const { usd } = ask({ responseModel: "gpt-4o-mini", usage: { input, output, cacheRead } });
      const pico = BigInt(input - cacheRead) * 150_000n + BigInt(cacheRead) * 75_000n + BigInt(output) * 600_000n;
      expect(pico).toBeLessThan(2n ** 53n); // so that the division is the only rounding
      expect(usd).toBe(Number(pico) / 1e12);
    }),
  );
});

test("no name makes it throw or invent a price below zero", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string(), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n }), (responseModel, provider, atNs) => {
      const price = priceOf({ provider, requestModel: "", responseModel, serviceTier: provider, atNs, usage: { ...noUsage, input: 10, output: 10 } });
      expect(price.usd ?? 0).toBeGreaterThanOrEqual(0);
    }),
  );
});

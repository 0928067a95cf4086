import { type UsageFlaw, usageFlaws } from "@telltale/model";
import { expect, test } from "vitest";
import { rawSpan } from "../golden/raw-span.ts";
import { normaliseSpan } from "./normalise.ts";

const chat = { "gen_ai.operation.name": "chat", "gen_ai.request.model": "m" };

function flawsOf(attributes: Record<string, unknown>): UsageFlaw[] {
  const { usageFlaws: bits } = normaliseSpan(rawSpan({ ...chat, ...attributes } as never));
  return usageFlaws.filter((_, index) => (bits & (1 << index)) !== 0);
}

test("tokens that add up have no flaw", () => {
  const usage = { "gen_ai.usage.input_tokens": 100, "gen_ai.usage.output_tokens": 20, "gen_ai.usage.cache_read.input_tokens": 60 };
  expect(flawsOf({ ...usage, "gen_ai.usage.total_tokens": 120 })).toEqual([]);
  expect(flawsOf(usage)).toEqual([]);
  expect(flawsOf({})).toEqual([]);
});

test.each<[Record<string, unknown>, UsageFlaw[]]>([
  [{ "gen_ai.usage.input_tokens": 100, "gen_ai.usage.output_tokens": 20, "gen_ai.usage.total_tokens": 130 }, ["total_not_sum"]],
  [{ "llm.token_count.prompt": 100, "llm.token_count.completion": 20, "llm.token_count.total": 1 }, ["total_not_sum"]],
  [{ "mlflow.chat.tokenUsage": '{"input_tokens": 5, "output_tokens": 6, "total_tokens": 12}' }, ["total_not_sum"]],
  [{ "gen_ai.usage.input_tokens": 10, "gen_ai.usage.output_tokens": 2, "gen_ai.usage.cache_read.input_tokens": 60 }, ["cached_over_input"]],
  [{ "gen_ai.usage.input_tokens": 10, "gen_ai.usage.output_tokens": 2, "gen_ai.usage.cache_creation.input_tokens": 60 }, ["cache_write_over_input"]],
  [{ "gen_ai.usage.input_tokens": 10, "gen_ai.usage.output_tokens": 2, "gen_ai.usage.reasoning.output_tokens": 3 }, ["reasoning_over_output"]],
  [
    {
      "gen_ai.usage.input_tokens": 10,
      "gen_ai.usage.output_tokens": 0,
      "gen_ai.output.messages": '[{"role":"assistant","parts":[{"type":"text","content":"hi"}]}]',
    },
    ["no_output_with_content"],
  ],
])("%j: %j", (attributes, flaws) => {
  expect(flawsOf(attributes)).toEqual(flaws);
});

test("what was put right is still told", () => {
  const span = normaliseSpan(
    rawSpan({ ...chat, "gen_ai.usage.input_tokens": 10, "gen_ai.usage.output_tokens": 2, "gen_ai.usage.cache_read.input_tokens": 60 }),
  );
  expect(span.usage.input).toBe(70);
  expect(span.usageFlaws).not.toBe(0);
});

/**
 * What does not add up in the tokens that a call reported, before they were put right. Kept on the span as one bit each,
 * in this order, which must not change.
 */
export const usageFlaws = ["total_not_sum", "cached_over_input", "cache_write_over_input", "reasoning_over_output", "no_output_with_content"] as const;
export type UsageFlaw = (typeof usageFlaws)[number];

export function flawBit(flaw: UsageFlaw): number {
  return 1 << usageFlaws.indexOf(flaw);
}

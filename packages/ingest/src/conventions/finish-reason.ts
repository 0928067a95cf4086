const canonical = new Map<string, string>([
  ["end_turn", "stop"],
  ["stop_sequence", "stop"],
  ["completed", "stop"],
  ["complete", "stop"],
  ["eos", "stop"],
  ["finished", "stop"],
  ["max_tokens", "length"],
  ["max_output_tokens", "length"],
  ["incomplete", "length"],
  ["model_length", "length"],
  ["tool_use", "tool_calls"],
  ["tool_call", "tool_calls"],
  ["tool-calls", "tool_calls"],
  ["function_call", "tool_calls"],
  ["content-filter", "content_filter"],
  ["content_filtered", "content_filter"],
  ["guardrail_intervened", "content_filter"],
  ["safety", "content_filter"],
  ["refusal", "content_filter"],
  ["recitation", "content_filter"],
  ["prohibited_content", "content_filter"],
]);

/** One word per reason (OpenAI's), whatever the SDK printed: `FinishReason.TOOL_CALLS`, `tool-calls`, `end_turn`. */
export function finishReason(said: string): string {
  const dot = said.lastIndexOf(".");
  const lower = (dot >= 0 ? said.slice(dot + 1) : said).trim().toLowerCase();
  return canonical.get(lower) ?? lower;
}

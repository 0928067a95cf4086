/** A model as its callers feel it. Medians as seen from a European data centre; they need only be believable. */
export interface Model {
  name: string;
  /** What the provider answers with: the dated name. */
  responseName: string;
  provider: string;
  /** Median time to the first token, ms. */
  ttftMs: number;
  tokensPerSecond: number;
}

export const models = {
  small: { name: "gpt-4.1-mini", responseName: "gpt-4.1-mini-2025-04-14", provider: "openai", ttftMs: 410, tokensPerSecond: 92 },
  large: { name: "gpt-4.1", responseName: "gpt-4.1-2025-04-14", provider: "openai", ttftMs: 640, tokensPerSecond: 61 },
  sonnet: { name: "claude-sonnet-4-5", responseName: "claude-sonnet-4-5-20250929", provider: "anthropic", ttftMs: 820, tokensPerSecond: 68 },
  opus: { name: "claude-opus-4-5", responseName: "claude-opus-4-5-20251101", provider: "anthropic", ttftMs: 1450, tokensPerSecond: 44 },
  haiku: { name: "claude-haiku-4-5", responseName: "claude-haiku-4-5-20251001", provider: "anthropic", ttftMs: 360, tokensPerSecond: 118 },
  flash: { name: "gemini-2.5-flash", responseName: "gemini-2.5-flash", provider: "gcp.gemini", ttftMs: 330, tokensPerSecond: 140 },
  /** Served in house: no price list knows it, so its calls show as unpriced. */
  house: { name: "hearthly-llama-3.3-70b-ft2", responseName: "hearthly-llama-3.3-70b-ft2", provider: "vllm", ttftMs: 290, tokensPerSecond: 38 },
} satisfies Record<string, Model>;

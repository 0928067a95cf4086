/** Other spellings of the providers in the price table: OpenTelemetry's, LiteLLM's, the Vercel AI SDK's, MLflow's. */
const aliases: Record<string, string> = {
  "gcp.gemini": "google",
  "gcp.gen-ai": "google",
  gemini: "google",
  "google.generative-ai": "google",
  "google-genai": "google",
  "google-ai-studio": "google",
  "gcp.vertex-ai": "google-vertex",
  "vertex-ai": "google-vertex",
  vertex: "google-vertex",
  vertexai: "google-vertex",
  "google.vertex": "google-vertex",
  "azure.ai.openai": "azure",
  "az.ai.openai": "azure",
  "azure.ai.inference": "azure",
  "azure-openai": "azure",
  "azure-ai": "azure",
  bedrock: "aws.bedrock",
  "amazon-bedrock": "aws.bedrock",
  "aws-bedrock": "aws.bedrock",
  "bedrock-converse": "aws.bedrock",
  aws: "aws.bedrock",
  "mistral-ai": "mistral",
  mistralai: "mistral",
  xai: "x-ai",
  "x.ai": "x-ai",
  moonshot: "moonshotai",
  "moonshot-ai": "moonshotai",
  "together-ai": "together",
  togetherai: "together",
  "fireworks-ai": "fireworks",
  voyage: "voyageai",
  "ibm.watsonx.ai": "watsonx",
  "deepseek-ai": "deepseek",
  "z-ai": "zai",
  "openai-compatible": "",
  openaicompatible: "",
  litellm: "",
  "litellm-proxy": "",
  portkey: "",
  langchain: "",
  unknown: "",
};

/** Where else a provider's model is looked up: the resold model at its maker's price. */
const resold: Record<string, readonly string[]> = {
  azure: ["openai", "anthropic", "deepseek", "x-ai", "moonshotai", "mistral", "cohere"],
  google: ["google-vertex", "anthropic"],
  "google-vertex": ["google", "anthropic", "mistral"],
};

/** Makers that sell their own models, in the order in which a name without a provider is looked up. */
const makers = [
  "openai",
  "anthropic",
  "google",
  "mistral",
  "cohere",
  "deepseek",
  "x-ai",
  "moonshotai",
  "perplexity",
  "zai",
  "minimax",
  "dashscope",
  "voyageai",
  "ai21",
];

/** Our id of a provider as written by a client; `""` for what is not a provider (a proxy, a framework, nothing). */
export function providerId(written: string): string {
  const id = written.trim().toLowerCase().replaceAll("_", "-");
  return aliases[id] ?? id;
}

/**
 * The providers whose tables may price a call, in order. OpenAI's protocol is spoken by everybody, so a call that says
 * "openai", or nothing, may be to any maker; the model's exact name decides. A host of its own pricing is never replaced.
 */
export function sellers(provider: string): readonly string[] {
  if (provider === "" || provider === "openai") return makers;
  return [provider, ...(resold[provider] ?? [])];
}

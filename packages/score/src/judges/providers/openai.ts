import type { Endpoint, ProviderKind } from "./provider.ts";

const model: ProviderKind["model"] = async ({ baseUrl, apiKey, fetch }: Endpoint, modelId) => {
  const { createOpenAICompatible } = await import("@ai-sdk/openai-compatible");
  const provider = createOpenAICompatible({
    name: "openai",
    baseURL: baseUrl ?? OPENAI_URL,
    fetch,
    supportsStructuredOutputs: true,
    ...(apiKey === undefined ? {} : { apiKey }),
  });
  return provider(modelId);
};

const OPENAI_URL = "https://api.openai.com/v1";

/** OpenAI itself. */
export const openai: ProviderKind = { kind: "openai", label: "OpenAI", defaultBaseUrl: OPENAI_URL, needsKey: true, model };

/** Everything that speaks its chat completions: Ollama, llama.cpp, vLLM, LM Studio, Groq, Together, Azure's v1 route, … */
export const openaiCompatible: ProviderKind = {
  kind: "openai_compatible",
  label: "OpenAI-compatible server (Ollama, llama.cpp, vLLM, …)",
  defaultBaseUrl: undefined,
  needsKey: false,
  model,
};

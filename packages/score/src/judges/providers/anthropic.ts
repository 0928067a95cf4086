import type { ProviderKind } from "./provider.ts";

export const anthropic: ProviderKind = {
  kind: "anthropic",
  label: "Anthropic",
  defaultBaseUrl: "https://api.anthropic.com/v1",
  needsKey: true,
  model: async ({ baseUrl, apiKey, fetch }, modelId) => {
    const { createAnthropic } = await import("@ai-sdk/anthropic");
    return createAnthropic({ fetch, ...(baseUrl === undefined ? {} : { baseURL: baseUrl }), ...(apiKey === undefined ? {} : { apiKey }) })(modelId);
  },
};

import type { ProviderKind } from "./provider.ts";

export const gemini: ProviderKind = {
  kind: "gemini",
  label: "Google Gemini",
  defaultBaseUrl: "https://generativelanguage.googleapis.com/v1beta",
  needsKey: true,
  model: async ({ baseUrl, apiKey, fetch }, modelId) => {
    const { createGoogleGenerativeAI } = await import("@ai-sdk/google");
    return createGoogleGenerativeAI({ fetch, ...(baseUrl === undefined ? {} : { baseURL: baseUrl }), ...(apiKey === undefined ? {} : { apiKey }) })(modelId);
  },
};

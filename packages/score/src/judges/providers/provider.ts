import type { LanguageModel } from "ai";

/** Where a model answers, as the operator configured it. */
export interface Endpoint {
  baseUrl: string | undefined;
  apiKey: string | undefined;
  /** Checked connections only: see the server's guarded fetch. */
  fetch: typeof fetch;
}

/** A wire format that judges can speak. */
export interface ProviderKind {
  kind: string;
  label: string;
  /** Where it answers unless the operator says otherwise; `undefined` = must be said. */
  defaultBaseUrl: string | undefined;
  needsKey: boolean;
  /** Loads what it needs when it is first used. */
  model: (endpoint: Endpoint, modelId: string) => Promise<LanguageModel>;
}

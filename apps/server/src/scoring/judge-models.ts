import { priceOf } from "@telltale/ingest/pricing";
import type { Usage } from "@telltale/model";
import { findProviderKind, JudgeError, type JudgeModel } from "@telltale/score";
import type { Providers, StoredProvider } from "@telltale/store";
import { guardedFetch } from "../outgoing/guarded-fetch.ts";
import type { SecretBox } from "../secrets/secret-box.ts";

/** Under which purpose keys of providers are sealed. */
export const PROVIDER_KEY = "provider key";

/** A guarded connection pool for each of the two trust levels, shared by all providers. */
const fetches = { public: guardedFetch({ allowPrivate: false }), private: guardedFetch({ allowPrivate: true }) };

export interface ModelSources {
  providers: Providers;
  secrets: SecretBox;
  now: () => number;
}

/**
 * The model that a scorer names: `openai:/gpt-4o-mini` asks the provider named `openai`, else the first of that kind;
 * `gateway:/NAME` and `endpoints:/NAME` ask the provider NAME for its default model; `provider/model` works too, and no name
 * at all asks the default provider. Throws `JudgeError` (`no_model`) that says what to configure.
 */
export async function judgeModelFor({ providers, secrets, now }: ModelSources, uri: string | undefined): Promise<JudgeModel> {
  const { provider, modelId } = resolve(await providers.list(), uri);
  return openModel(provider, modelId, uri ?? `${provider.name}:/${modelId}`, secrets, now);
}

/** A model of one provider, ready to be asked. */
export async function openModel(provider: StoredProvider, modelId: string, uri: string, secrets: SecretBox, now: () => number): Promise<JudgeModel> {
  const kind = findProviderKind(provider.kind);
  if (kind === undefined) throw noModel(`the provider ${provider.name} is of the unknown kind ${provider.kind}`);
  const apiKey = provider.sealedKey === undefined ? undefined : secrets.open(provider.sealedKey, PROVIDER_KEY);
  if (kind.needsKey && apiKey === undefined) throw noModel(`the provider ${provider.name} has no key`);
  const fetch = provider.allowPrivate ? fetches.private : fetches.public;
  return {
    uri,
    model: await kind.model({ baseUrl: provider.baseUrl ?? kind.defaultBaseUrl, apiKey, fetch }, modelId),
    priceOf: priceOfJudge(provider.kind, modelId, now),
  };
}

/** What a call of a judge's model costs in USD at the prices of `now` (milliseconds); `undefined` where the model has no price. */
export function priceOfJudge(kind: string, model: string, now: () => number): JudgeModel["priceOf"] {
  const provider = kind === "openai_compatible" ? "" : kind === "gemini" ? "google" : kind;
  return ({ input, output }) =>
    priceOf({
      provider,
      requestModel: model,
      responseModel: "",
      usage: { ...unknownUsage, input, output },
      serviceTier: "",
      atNs: BigInt(now()) * 1_000_000n,
    }).usd;
}

function resolve(providers: readonly StoredProvider[], uri: string | undefined): { provider: StoredProvider; modelId: string } {
  if (uri === undefined || uri === "" || uri === "databricks") return withDefaultModel(providers.find((provider) => provider.isDefault) ?? providers[0], uri);
  const [, scheme = "", name = ""] = /^([\w.-]+)(?::\/|\/)(.+)$/.exec(uri) ?? [];
  if (scheme === "gateway" || scheme === "endpoints")
    return withDefaultModel(
      providers.find((provider) => provider.name === name),
      uri,
    );
  const provider =
    providers.find((candidate) => candidate.name === scheme) ??
    providers.find((candidate) => candidate.kind === (kindOfScheme[scheme] ?? scheme) || candidate.name.toLowerCase() === scheme.toLowerCase());
  if (provider === undefined || name === "") throw noModel(`no provider is configured for ${uri}`);
  return { provider, modelId: name };
}

/** MLflow's and LiteLLM's names of kinds that have another one here. */
const kindOfScheme: Readonly<Record<string, string>> = {
  google: "gemini",
  ollama: "openai_compatible",
  vllm: "openai_compatible",
  hosted_vllm: "openai_compatible",
};

function withDefaultModel(provider: StoredProvider | undefined, uri: string | undefined): { provider: StoredProvider; modelId: string } {
  if (provider === undefined) throw noModel(uri === undefined ? "no provider is configured" : `no provider is configured for ${uri}`);
  if (provider.defaultModel === undefined) throw noModel(`the provider ${provider.name} has no default model`);
  return { provider, modelId: provider.defaultModel };
}

function noModel(problem: string): JudgeError {
  return new JudgeError("no_model", `${problem}; see Settings → Providers`, "scorer_broken");
}

const unknownUsage: Usage = {
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

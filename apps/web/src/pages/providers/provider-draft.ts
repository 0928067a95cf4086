import type { NewProvider, ProviderOut, ProviderPatch } from "@telltale/model/api";

export type ProviderKind = NewProvider["kind"];

export const kindNames: Readonly<Record<ProviderKind, string>> = {
  openai: "OpenAI",
  anthropic: "Anthropic",
  gemini: "Gemini",
  openai_compatible: "OpenAI-compatible",
};

/** The form's fields, as typed. */
export interface ProviderDraft {
  name: string;
  kind: ProviderKind;
  baseUrl: string;
  apiKey: string;
  /** The stored key is to be forgotten. */
  dropsKey: boolean;
  defaultModel: string;
  allowPrivate: boolean;
  isDefault: boolean;
}

const blank: ProviderDraft = {
  name: "",
  kind: "openai",
  baseUrl: "",
  apiKey: "",
  dropsKey: false,
  defaultModel: "",
  allowPrivate: false,
  isDefault: false,
};

/** What people begin with. */
export const starts = {
  ollama: {
    ...blank,
    name: "ollama",
    kind: "openai_compatible",
    baseUrl: "http://127.0.0.1:11434/v1",
    defaultModel: "llama3.2",
    allowPrivate: true,
  },
  openai: { ...blank, name: "openai", kind: "openai", defaultModel: "gpt-4o-mini" },
  anthropic: { ...blank, name: "anthropic", kind: "anthropic", defaultModel: "claude-haiku-4-5" },
} as const satisfies Record<string, ProviderDraft>;

export function draftOf(provider: ProviderOut): ProviderDraft {
  return {
    name: provider.name,
    kind: isKind(provider.kind) ? provider.kind : "openai_compatible",
    baseUrl: provider.base_url ?? "",
    apiKey: "",
    dropsKey: false,
    defaultModel: provider.default_model ?? "",
    allowPrivate: provider.allow_private_address,
    isDefault: provider.is_default,
  };
}

export function isKind(kind: string): kind is ProviderKind {
  return Object.hasOwn(kindNames, kind);
}

/** What is missing or wrong, in one sentence; undefined when it can be saved. */
export function problemOf({ name, kind, baseUrl }: ProviderDraft): string | undefined {
  if (!/^[\w.-]{1,100}$/.test(name.trim()))
    return "The name has letters, digits, dot, dash and underscore only: it stands in model names such as gateway:/NAME";
  if (baseUrl.trim() === "") return kind === "openai_compatible" ? "An OpenAI-compatible server needs its address" : undefined;
  return /^https?:\/\/\S+$/.test(baseUrl.trim()) ? undefined : "The address begins with http:// or https://";
}

export function newProviderOf(draft: ProviderDraft): NewProvider {
  const [baseUrl, apiKey, model] = [draft.baseUrl.trim(), draft.apiKey.trim(), draft.defaultModel.trim()];
  return {
    name: draft.name.trim(),
    kind: draft.kind,
    ...(baseUrl === "" ? {} : { base_url: baseUrl }),
    ...(apiKey === "" ? {} : { api_key: apiKey }),
    ...(model === "" ? {} : { default_model: model }),
    allow_private_address: draft.allowPrivate,
    is_default: draft.isDefault,
  };
}

/** A key that was not typed stays. */
export function patchOf(draft: ProviderDraft): ProviderPatch {
  const [baseUrl, apiKey, model] = [draft.baseUrl.trim(), draft.apiKey.trim(), draft.defaultModel.trim()];
  return {
    name: draft.name.trim(),
    base_url: baseUrl === "" ? null : baseUrl,
    ...(draft.dropsKey ? { api_key: null } : apiKey === "" ? {} : { api_key: apiKey }),
    default_model: model === "" ? null : model,
    allow_private_address: draft.allowPrivate,
    is_default: draft.isDefault,
  };
}

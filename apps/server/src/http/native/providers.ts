import { TelltaleError } from "@telltale/model";
import { NewProvider, ProviderOut, ProviderPatch, ProviderTest, ProviderTestResult } from "@telltale/model/api";
import { findProviderKind, JudgeError } from "@telltale/score";
import type { Providers, StoredProvider } from "@telltale/store";
import { z } from "zod";
import { PROVIDER_KEY } from "../../scoring/judge-models.ts";
import { masked, type SecretBox } from "../../secrets/secret-box.ts";
import type { TypedApp } from "../typed-routes.ts";
import { Paging, pageOf } from "./paging.ts";
import { formatMs } from "./wire/timestamp.ts";

const ProviderParams = z.object({ id: z.string().max(40) });
const ProviderPage = z.object({ data: z.array(ProviderOut), next_cursor: z.string().nullable() });

export interface ProviderDeps {
  providers: Providers;
  secrets: SecretBox;
  /** Asks a model of the provider one small question. Throws `JudgeError`. */
  tryProvider: (provider: StoredProvider, modelId: string, signal: AbortSignal) => Promise<void>;
  now: () => number;
}

const tags = ["providers"];

/** Providers: where models answer. Keys go in and never come out. */
export function providerRoutes(app: TypedApp, deps: ProviderDeps): void {
  const find = async (id: string): Promise<StoredProvider> => {
    const provider = await deps.providers.find(id);
    if (provider === undefined) throw new TelltaleError("not_found", `There is no provider with id ${id}`);
    return provider;
  };
  const sealed = (key: string) => ({ sealedKey: deps.secrets.seal(key, PROVIDER_KEY), maskedKey: masked(key) });

  app.get("/providers", { schema: { tags, summary: "Providers of models, by name", querystring: Paging, response: { 200: ProviderPage } } }, async (request) =>
    pageOf((await deps.providers.list()).map(toProviderOut), request.query),
  );

  app.post("/providers", { schema: { tags, summary: "Add a provider", body: NewProvider, response: { 201: ProviderOut } } }, async (request, reply) => {
    const {
      name,
      kind,
      base_url: baseUrl,
      api_key: key,
      default_model: defaultModel,
      allow_private_address: allowPrivate,
      is_default: isDefault,
    } = request.body;
    const fields = {
      name,
      kind,
      baseUrl,
      defaultModel,
      allowPrivate,
      isDefault,
      ...(key === undefined ? { sealedKey: undefined, maskedKey: undefined } : sealed(key)),
    };
    checkAddress(fields);
    return reply.code(201).send(toProviderOut(await deps.providers.create(fields)));
  });

  app.patch(
    "/providers/:id",
    {
      schema: {
        tags,
        summary: "Change a provider; null removes, a key that is not given stays",
        params: ProviderParams,
        body: ProviderPatch,
        response: { 200: ProviderOut },
      },
    },
    async (request) => {
      const before = await find(request.params.id);
      const { name, base_url: baseUrl, api_key: key, default_model: model, allow_private_address: allowPrivate, is_default: isDefault } = request.body;
      const after = {
        ...before,
        name: name ?? before.name,
        baseUrl: baseUrl === undefined ? before.baseUrl : (baseUrl ?? undefined),
        defaultModel: model === undefined ? before.defaultModel : (model ?? undefined),
        allowPrivate: allowPrivate ?? before.allowPrivate,
        isDefault: isDefault ?? before.isDefault,
        ...(key === undefined ? {} : key === null ? { sealedKey: undefined, maskedKey: undefined } : sealed(key)),
      };
      checkAddress(after);
      // A stored key belongs to the address it was entered for: it is not sent to another one that somebody puts in its place.
      if (after.baseUrl !== before.baseUrl && key === undefined && before.sealedKey !== undefined)
        throw new TelltaleError("bad_request", "A new address needs the key again", { field: "api_key" });
      return toProviderOut(await deps.providers.update(before.id, after));
    },
  );

  app.delete(
    "/providers/:id",
    { schema: { tags, summary: "Delete a provider and its key", params: ProviderParams, response: { 204: z.null() } } },
    async (request, reply) => {
      await find(request.params.id);
      await deps.providers.remove(request.params.id);
      return reply.code(204).send(null);
    },
  );

  app.post(
    "/providers/:id/test",
    { schema: { tags, summary: "Ask one small question: does it answer?", params: ProviderParams, body: ProviderTest, response: { 200: ProviderTestResult } } },
    async (request) => {
      const provider = await find(request.params.id);
      const model = request.body.model ?? provider.defaultModel;
      if (model === undefined) throw new TelltaleError("bad_request", "Say a model, or give the provider a default one", { field: "model" });
      const started = deps.now();
      const message = await deps.tryProvider(provider, model, request.signal).then(
        () => undefined,
        (error: unknown) => {
          if (error instanceof JudgeError) return `${error.code}: ${error.message}`;
          throw error;
        },
      );
      return { ok: message === undefined, model, duration_ms: deps.now() - started, message: message ?? "It answered." };
    },
  );
}

function checkAddress({ kind, baseUrl }: Pick<StoredProvider, "kind" | "baseUrl">): void {
  if (findProviderKind(kind)?.defaultBaseUrl === undefined && baseUrl === undefined)
    throw new TelltaleError("bad_request", "An OpenAI-compatible server needs its base_url, such as http://127.0.0.1:11434/v1", { field: "base_url" });
}

function toProviderOut(provider: StoredProvider): ProviderOut {
  return {
    id: provider.id,
    name: provider.name,
    kind: provider.kind,
    base_url: provider.baseUrl ?? null,
    api_key: provider.maskedKey ?? null,
    default_model: provider.defaultModel ?? null,
    allow_private_address: provider.allowPrivate,
    is_default: provider.isDefault,
    created_at: formatMs(provider.createdMs),
    updated_at: formatMs(provider.updatedMs),
  };
}

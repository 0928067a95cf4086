import { z } from "zod";

const Name = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[\w.-]+$/, "letters, digits, dot, dash and underscore only: it stands in model names such as gateway:/NAME");
const Url = z
  .url({ protocol: /^https?$/ })
  .max(2_000)
  .refine((url) => !/^https?:\/\/[^/?#]*@/i.test(url), "a password has no place in an address, where everybody reads it: give it as api_key");

/** POST /providers: where the models of judges answer. The key is sealed when it is stored and never returned. */
export const NewProvider = z.strictObject({
  name: Name,
  kind: z.enum(["openai", "anthropic", "gemini", "openai_compatible"]),
  /** Must be said for `openai_compatible`; the others have an address of their own. */
  base_url: Url.optional(),
  api_key: z.string().min(1).max(4_000).optional(),
  /** Asked by `gateway:/NAME`, and by scorers without a model when this is the default provider. */
  default_model: z.string().min(1).max(300).optional(),
  /** It may have an address inside a private network (a local Ollama or vLLM, say). */
  allow_private_address: z.boolean().default(false),
  is_default: z.boolean().default(false),
});
export type NewProvider = z.infer<typeof NewProvider>;

/** PATCH /providers/{id}: `null` removes. A key that is not given stays. */
export const ProviderPatch = z.strictObject({
  name: Name.optional(),
  base_url: Url.nullable().optional(),
  api_key: z.string().min(1).max(4_000).nullable().optional(),
  default_model: z.string().min(1).max(300).nullable().optional(),
  allow_private_address: z.boolean().optional(),
  is_default: z.boolean().optional(),
});
export type ProviderPatch = z.infer<typeof ProviderPatch>;

export const ProviderOut = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.string(),
  base_url: z.string().nullable(),
  /** The first and last characters of the key; `null` = none is stored. */
  api_key: z.string().nullable(),
  default_model: z.string().nullable(),
  allow_private_address: z.boolean(),
  is_default: z.boolean(),
  created_at: z.string(),
  updated_at: z.string(),
});
export type ProviderOut = z.infer<typeof ProviderOut>;

/** POST /providers/{id}/test: asks the model one small question. */
export const ProviderTest = z.strictObject({ model: z.string().min(1).max(300).optional() });
export const ProviderTestResult = z.object({ ok: z.boolean(), model: z.string(), duration_ms: z.number(), message: z.string() });
export type ProviderTestResult = z.infer<typeof ProviderTestResult>;

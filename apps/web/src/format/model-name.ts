/** A model as people name it: MLflow's `openai:/gpt-4o-mini` → `gpt-4o-mini (openai)`, `gateway:/local` → `local`. Anything else stays as it is. */
export function modelName(uri: string): string {
  const [, provider = "", model = ""] = /^([\w.-]+):\/([^/].*)$/.exec(uri) ?? [];
  if (provider === "") return uri;
  return provider === "gateway" ? model : `${model} (${provider})`;
}

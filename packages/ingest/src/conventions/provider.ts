/** Names of other people's ids for the same provider. Keys are lower case, without a call-type suffix. */
const aliases = new Map<string, string>([
  ["gemini", "google"],
  ["gcp.gemini", "google"],
  ["gcp.gen_ai", "google"],
  ["google.generative-ai", "google"],
  ["google_genai", "google"],
  ["google-genai", "google"],
  ["google-gla", "google"],
  ["gcp.vertex_ai", "google-vertex"],
  ["vertex_ai", "google-vertex"],
  ["vertexai", "google-vertex"],
  ["google.vertex", "google-vertex"],
  ["google_vertexai", "google-vertex"],
  ["bedrock", "aws.bedrock"],
  ["aws_bedrock", "aws.bedrock"],
  ["amazon-bedrock", "aws.bedrock"],
  ["amazon_bedrock", "aws.bedrock"],
  ["bedrock_converse", "aws.bedrock"],
  ["azure.ai.openai", "azure"],
  ["azure.ai.inference", "azure"],
  ["az.ai.openai", "azure"],
  ["az.ai.inference", "azure"],
  ["azure_openai", "azure"],
  ["azure-openai", "azure"],
  ["azure_ai", "azure"],
  ["x_ai", "x-ai"],
  ["xai", "x-ai"],
  ["mistral_ai", "mistral"],
  ["mistralai", "mistral"],
  ["moonshot_ai", "moonshot"],
  ["ibm.watsonx.ai", "watsonx"],
  ["together_ai", "together"],
  ["togetherai", "together"],
  ["fireworks_ai", "fireworks"],
]);

/** Frameworks that write their own name where the provider belongs. */
const notProviders = new Set([
  "",
  "none",
  "unknown",
  "strands-agents",
  "autogen",
  "langchain",
  "langgraph",
  "microsoft.agent_framework",
  "microsoft.semantic_kernel",
  "inmemoryvectorstore",
  "gcp.vertex.agent",
  "pydantic-ai",
  "crewai",
  "llamaindex",
]);

const CALL_SUFFIX = /\.(chat|responses|messages|embeddings?|completions?|image|transcription|speech)$/;
const CACHE_LIMIT = 5_000;
const cache = new Map<string, string>();

/** Canonical provider id of what a span says (`openai.chat`, `OpenAI`, `gcp.gemini`); `""` when it names none. */
export function canonicalProvider(said: string): string {
  const hit = cache.get(said);
  if (hit !== undefined) return hit;
  const bare = said.trim().toLowerCase().replace(CALL_SUFFIX, "");
  const provider = notProviders.has(bare) ? "" : (aliases.get(bare) ?? bare);
  if (cache.size < CACHE_LIMIT && said.length <= 100) cache.set(said, provider);
  return provider;
}

const byModel: readonly (readonly [pattern: RegExp, provider: string])[] = [
  [/^(us|eu|apac|ap|global|jp|au|ca)\.(anthropic|amazon|meta|mistral|cohere|deepseek)\./, "aws.bedrock"],
  [/^(anthropic|amazon|meta|mistral|cohere|ai21|stability)\.[a-z0-9-]+/, "aws.bedrock"],
  [/^(gpt-|chatgpt|o[134](-|$)|text-embedding-(3|ada)|text-davinci|dall-e|whisper|tts-|omni-moderation|codex|computer-use)/, "openai"],
  [/^claude/, "anthropic"],
  [/^(gemini|gemma|text-embedding-00|imagen|veo)/, "google"],
  [/^(mistral|mixtral|codestral|ministral|pixtral|magistral|devstral|open-mi[sx]tral)/, "mistral"],
  [/^(command|embed-(english|multilingual)|rerank-|c4ai)/, "cohere"],
  [/^deepseek/, "deepseek"],
  [/^grok/, "x-ai"],
  [/^sonar/, "perplexity"],
  [/^(moonshot|kimi)/, "moonshot"],
];
const byModelCache = new Map<string, string>();

/** Provider that a model name gives away (`claude-…`), or that it is prefixed with (`openai/gpt-4o`); else `""`. */
export function providerOfModel(model: string): string {
  if (model === "") return "";
  const hit = byModelCache.get(model);
  if (hit !== undefined) return hit;
  const lower = model.toLowerCase();
  const slash = lower.indexOf("/");
  const prefix = slash > 0 ? canonicalProvider(lower.slice(0, slash)) : "";
  const named = prefix !== "" && prefix !== "models" ? prefix : "";
  const bare = slash > 0 ? lower.slice(slash + 1) : lower;
  const provider = named || (byModel.find(([pattern]) => pattern.test(bare))?.[1] ?? "");
  if (byModelCache.size < CACHE_LIMIT && model.length <= 200) byModelCache.set(model, provider);
  return provider;
}

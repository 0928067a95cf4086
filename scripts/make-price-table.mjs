/**
 * Writes packages/ingest/src/pricing/price-table.ts from two public sources:
 *
 *   node scripts/make-price-table.mjs <litellm model_prices JSON> <its version> [YYYY-MM-DD]
 *
 * LiteLLM's table (in the PyPI package `litellm`: litellm/model_prices_and_context_window_backup.json) has today's rates
 * with service tiers and long-context tiers; @pydantic/genai-prices keeps retired models and the history of prices.
 * Where both know a model, LiteLLM's rates count for today and genai-prices' for the dates before and after.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { findProvider } from "@pydantic/genai-prices";

const [litellmPath, litellmVersion, asOf = new Date().toISOString().slice(0, 10)] = process.argv.slice(2);
if (!litellmPath || !litellmVersion) {
  console.error("usage: make-price-table.mjs <litellm model_prices JSON> <litellm version> [YYYY-MM-DD]");
  process.exit(2);
}
const target = new URL("../packages/ingest/src/pricing/price-table.ts", import.meta.url);

/** LiteLLM's provider → ours. Anything else keeps its name, with `_` as `-`. */
const litellmProviders = {
  "text-completion-openai": "openai",
  gemini: "google",
  azure_text: "azure",
  azure_ai: "azure",
  bedrock: "aws.bedrock",
  bedrock_converse: "aws.bedrock",
  bedrock_mantle: "aws.bedrock",
  codestral: "mistral",
  "text-completion-codestral": "mistral",
  "text-completion-inception": "inception",
  cohere_chat: "cohere",
  xai: "x-ai",
  moonshot: "moonshotai",
  together_ai: "together",
  fireworks_ai: "fireworks",
  "fireworks_ai-embedding-models": "fireworks",
  voyage: "voyageai",
  watsonx: "watsonx",
};
const genaiProviders = { aws: "aws.bedrock" };

/** Sold by the seat, or paid with credits: a rate per token would be an invention. */
const notByToken = new Set(["github_copilot", "github-copilot", "cursor", "snowflake"]);

/** Earlier wins where two LiteLLM providers land on one of ours. */
const litellmOrder = ["openai", "anthropic", "azure", "bedrock_converse", "bedrock", "mistral", "cohere"];

/** Open weights that OpenAI publishes and does not sell: a local server speaking its protocol must not be billed. */
const notSoldByMaker = { openai: /^gpt-oss/ };

/** provider → name → [{ from, rows: Map<condition, Map<class, "$/Mtok">> }] */
const table = new Map();

function put(provider, name, history) {
  const models = table.get(provider) ?? new Map();
  table.set(provider, models);
  const key = name.toLowerCase();
  if (!/^[\w.:@/+~-]+$/.test(key) || notSoldByMaker[provider]?.test(key) || models.has(key)) return;
  models.set(key, history);
}

/** A rate in USD per million tokens as a short exact decimal; the sources write floats such as 1.0000000000000002e-07. */
function perMtok(rate) {
  return Number((rate * 1e6).toPrecision(12))
    .toFixed(6)
    .replace(/\.?0+$/, "");
}

const tiers = { batches: "batch", flex: "flex", priority: "priority", balanced: "balanced", ultrafast: "ultrafast" };
const classes = {
  input_cost_per_token: "i",
  output_cost_per_token: "o",
  cache_read_input_token_cost: "r",
  cache_creation_input_token_cost: "w",
  cache_creation_input_token_cost_above_1hr: "h",
  input_cost_per_audio_token: "a",
  output_cost_per_audio_token: "A",
  input_cost_per_image_token: "g",
  output_cost_per_reasoning_token: "t",
};
const field = new RegExp(`^(${Object.keys(classes).join("|")})(?:_above_(\\d+)k_tokens)?(?:_(${Object.keys(tiers).join("|")}))?$`);

function litellmRows(entry) {
  const rows = new Map();
  const add = (condition, name, rate) => {
    if (typeof rate !== "number" || !(rate >= 0)) return;
    // 0 stands for "not stated" in these two; a cache write is then billed as plain input.
    if (rate === 0 && (name === "w" || name === "h")) return;
    rows.set(condition, (rows.get(condition) ?? new Map()).set(name, perMtok(rate)));
  };
  for (const [key, value] of Object.entries(entry)) {
    const match = field.exec(key);
    if (match) add((tiers[match[3]] ?? "") + (match[2] ? `>${match[2]}000` : ""), classes[match[1]], value);
  }
  for (const tier of entry.tiered_pricing ?? []) {
    const condition = tier.range?.[0] ? `>${tier.range[0]}` : "";
    for (const [key, value] of Object.entries(tier)) if (classes[key]) add(condition, classes[key], value);
  }
  const base = rows.get("");
  if (!base) return undefined;
  if (entry.mode === "embedding" && !base.has("o")) base.set("o", "0");
  if (base.get("t") === base.get("o")) for (const rates of rows.values()) rates.delete("t");
  return isFree(base) ? undefined : rows;
}

const isFree = (base) => [...base].every(([name, rate]) => rate === "0" || (name !== "i" && name !== "o" && name !== "a" && name !== "A"));

const genaiClasses = {
  input_mtok: "i",
  output_mtok: "o",
  cache_read_mtok: "r",
  cache_write_mtok: "w",
  cache_write_1h_mtok: "h",
  input_audio_mtok: "a",
  output_audio_mtok: "A",
  input_image_mtok: "g",
  output_reasoning_mtok: "t",
};

function genaiRows(prices, isEmbedding) {
  const rows = new Map();
  const add = (condition, name, rate) => rows.set(condition, (rows.get(condition) ?? new Map()).set(name, perMtok(rate / 1e6)));
  for (const [key, value] of Object.entries(prices)) {
    const name = genaiClasses[key];
    if (!name) continue;
    if (typeof value === "number") add("", name, value);
    else {
      add("", name, value.base);
      // 271,999 there and 272,000 here say the same; the two sources only disagree about the one token in between.
      for (const tier of value.tiers) add(`>${tier.start % 1000 === 999 ? tier.start + 1 : tier.start}`, name, tier.price);
    }
  }
  const base = rows.get("");
  if (!base) return undefined;
  if (isEmbedding && !base.has("o")) base.set("o", "0");
  return rows;
}

/** Names a genai-prices model answers to. Its prefixes count as whole names: a prefix alone proves nothing about a price. */
function genaiNames(match, withFragments) {
  if (match.or) return match.or.flatMap((one) => genaiNames(one, withFragments));
  // On Bedrock a fragment such as "claude-opus-4-6" says nothing about the region, and the region decides the price.
  const text = match.equals ?? match.starts_with ?? (withFragments ? (match.contains ?? match.ends_with) : undefined);
  return text === undefined ? [] : [text.replace(/[-@]+$/, "")];
}

function matches(match, name) {
  if (match.or) return match.or.some((one) => matches(one, name));
  if (match.and) return match.and.every((one) => matches(one, name));
  if (match.equals !== undefined) return name === match.equals;
  if (match.starts_with !== undefined) return name.startsWith(match.starts_with);
  if (match.ends_with !== undefined) return name.endsWith(match.ends_with);
  if (match.contains !== undefined) return name.includes(match.contains);
  return new RegExp(match.regex).test(name);
}

/** Prices by start date, oldest first. Hours of the day are not kept: such a model has the rate of its unconstrained entry. */
function genaiHistory(model) {
  const isEmbedding = /embed/.test(model.id);
  const entries = Array.isArray(model.prices) ? model.prices : [{ prices: model.prices }];
  return entries
    .filter((entry) => entry.constraint?.type !== "time_of_date")
    .map((entry) => ({ from: entry.constraint?.start_date ?? "", rows: genaiRows(entry.prices, isEmbedding) }))
    .filter((entry) => entry.rows)
    .toSorted((a, b) => a.from.localeCompare(b.from));
}

const rank = (provider) => (litellmOrder.includes(provider) ? litellmOrder.indexOf(provider) : litellmOrder.length);
const ratesToday = (entries) =>
  entries
    .filter((entry) => entry.from <= asOf)
    .at(-1)
    ?.rows.get("");

const genai = readGenai();
addLitellm();
addRetired();
writeFileSync(target, render());

function readGenai() {
  const source = readFileSync(createRequire(import.meta.url).resolve("@pydantic/genai-prices"), "utf8");
  // The package offers a provider by id and no list of ids; the ids stand in its data.
  const ids = new Set(Array.from(source.matchAll(/\bid:\s*"([a-z0-9_-]+)"/g), (hit) => hit[1]));
  return [...ids]
    .map((id) => findProvider({ providerId: id }))
    .filter((provider, index, all) => provider && !notByToken.has(provider.id) && all.indexOf(provider) === index);
}

function litellmName(provider, key) {
  const own = [provider, provider.replaceAll("_", "-"), provider.replace(/-.*$/, ""), "bedrock", "fireworks_ai", "azure"];
  const prefix = own.find((one) => key.startsWith(`${one}/`));
  return prefix ? key.slice(prefix.length + 1) : key;
}

function addLitellm() {
  const entries = Object.entries(JSON.parse(readFileSync(litellmPath, "utf8")))
    .filter(([key, entry]) => key !== "sample_spec" && entry.litellm_provider && !notByToken.has(entry.litellm_provider) && !key.includes("commitment/"))
    .toSorted((a, b) => rank(a[1].litellm_provider) - rank(b[1].litellm_provider));
  for (const [key, entry] of entries) {
    const rows = litellmRows(entry);
    if (!rows) continue;
    const source = entry.litellm_provider;
    const provider = litellmProviders[source] ?? (source.startsWith("vertex_ai") ? "google-vertex" : source.replaceAll("_", "-"));
    const name = litellmName(source, key);
    put(provider, name, withHistory(provider, name, rows));
  }
}

/** Today's rows, with genai-prices' dated rows around them where it agrees about today. */
function withHistory(provider, name, rows) {
  const models = genai.filter((one) => (genaiProviders[one.id] ?? one.id) === provider).flatMap((one) => one.models);
  for (const model of models) {
    if (!matches(model.match, name)) continue;
    const history = genaiHistory(model);
    const past = history.filter((entry) => entry.from <= asOf);
    const today = past.at(-1)?.rows.get("");
    const same = today && ["i", "o"].every((rate) => today.get(rate) === rows.get("").get(rate));
    if (history.length > 1 && same) return [...past.slice(0, -1), { from: past.at(-1).from, rows }, ...history.filter((entry) => entry.from > asOf)];
  }
  return [{ from: "", rows }];
}

function addRetired() {
  for (const provider of genai)
    for (const model of provider.models) {
      const history = genaiHistory(model).filter(({ rows }) => !isFree(rows.get("")) || model.id.endsWith(":free"));
      if (history.length === 0) continue;
      // Claude on Google is sold through Vertex.
      const to = provider.id === "google" && model.id.includes("claude") ? "google-vertex" : (genaiProviders[provider.id] ?? provider.id);
      const names = [...new Set([model.id, ...genaiNames(model.match, provider.id !== "aws")])];
      for (const name of names) put(to, name, tieredTwin(to, names, history) ?? history);
    }
}

/** Another spelling or a dated snapshot that LiteLLM lists with the same rates, and with tiers and audio that this source does not have. */
function tieredTwin(provider, names, history) {
  const rates = ratesToday(history);
  const models = table.get(provider) ?? new Map();
  const lower = names.map((name) => name.toLowerCase());
  const snapshots = [...models.keys()].filter((name) => lower.includes(name.replace(/-(\d{4}-\d{2}-\d{2}|\d{8})$/, "")));
  return [...lower, ...snapshots]
    .map((name) => models.get(name))
    .find((known) => known && rates && ["i", "o", "r"].every((rate) => ratesToday(known)?.get(rate) === rates.get(rate)));
}

function renderRows(rows) {
  return [...rows]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([condition, rates]) => [condition, ...[...rates].toSorted().map(([name, rate]) => name + rate)].filter(Boolean).join(" "))
    .join("|");
}

function render() {
  const lines = [];
  for (const [provider, models] of [...table].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    lines.push(`[${provider}]`);
    const groups = new Map();
    for (const [name, history] of models) {
      const text = history.map(({ from, rows }) => (from ? `@${from} ` : "") + renderRows(rows)).join(";");
      groups.set(text, [...(groups.get(text) ?? []), name]);
    }
    const sorted = [...groups].map(([text, names]) => [names.toSorted(), text]).toSorted(([a], [b]) => (a[0] < b[0] ? -1 : 1));
    for (const [names, text] of sorted) lines.push(`${names.join(" ")}=${text}`);
  }
  const require = createRequire(import.meta.url);
  const genaiVersion = JSON.parse(readFileSync(require.resolve("@pydantic/genai-prices").replace(/dist.*$/, "package.json"), "utf8")).version;
  return `// Written by scripts/make-price-table.mjs from litellm ${litellmVersion} and @pydantic/genai-prices ${genaiVersion} (both MIT). Do not edit by hand.

/** Stored with every price computed from this table. */
export const priceTableVersion = "${asOf}";

/**
 * \`[provider]\`, then a line per price: \`names=rates\`. Rates are USD per million tokens by class: i input, o output,
 * r cache read, w cache write, h cache write for one hour, a / A audio in / out, g image in, t reasoning. \`|tier>tokens\`
 * opens the rates of a service tier and of requests with more input than that; \`;@date\` the rates since that day.
 */
export const priceTable = \`
${lines.join("\n")}
\`;
`;
}

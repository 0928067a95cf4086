import { type PriceHistory, knowsProvider, priceHistory } from "./read-price-table.ts";
import { providerId, sellers } from "./provider-ids.ts";

export interface FoundPrice {
  provider: string;
  /** The name in the table, which may be shorter than the one asked for. */
  model: string;
  history: PriceHistory;
}

/**
 * Finds the price of a call by the model's name: as written, without a provider's prefix, without a date or version at
 * its end; first for the model that answered, then for the one asked for. Never by the beginning of a name: a new model
 * is not priced like an old one. A region at the start (`us.anthropic.…`) belongs to the name, because it costs more.
 */
export function findPrice(provider: string, responseModel: string, requestModel: string): FoundPrice | undefined {
  const id = providerId(provider);
  return findModel(id, responseModel) ?? (requestModel === responseModel ? undefined : findModel(id, requestModel));
}

function findModel(provider: string, written: string): FoundPrice | undefined {
  if (written === "" || written.length > 300) return undefined;
  const name = written.trim().toLowerCase();
  return findName(provider, name) ?? findWithoutPrefix(provider, name);
}

function findName(provider: string, name: string): FoundPrice | undefined {
  for (const candidate of spellings(name)) {
    for (const seller of sellers(provider)) {
      const history = priceHistory(seller, candidate);
      if (history) return { provider: seller, model: candidate, history };
    }
  }
  return undefined;
}

/** `openai/gpt-4o` names its provider; `models/…` and an ARN's path are only packaging. */
function findWithoutPrefix(provider: string, name: string): FoundPrice | undefined {
  const packaging = /^(?:models|publishers\/[^/]+\/models|projects\/.+\/models|arn:.+)\//.exec(name);
  if (packaging) return findName(provider, name.slice(packaging[0].length));
  const slash = name.indexOf("/");
  if (slash < 1) return undefined;
  const named = providerId(name.slice(0, slash));
  if (named === "" || !knowsProvider(named)) return undefined;
  // "openai" is what every OpenAI-compatible client says of itself; a prefix knows better. A host keeps its own prices.
  const isProxy = provider === "" || provider === "openai";
  if (!isProxy && !sellers(provider).includes(named)) return undefined;
  return findName(isProxy ? named : provider, name.slice(slash + 1)) ?? findWithoutPrefix(isProxy ? named : provider, name.slice(slash + 1));
}

/** The name itself, then without its date, revision or `latest`; a fine-tuned model costs what its base says. */
function* spellings(name: string): Generator<string> {
  yield name;
  const tuned = /^(ft:[^:]+):/.exec(name)?.[1];
  if (tuned !== undefined) yield tuned;
  let shorter = tuned ?? name;
  for (let cuts = 0; cuts < 2; cuts += 1) {
    const cut = shorter.replace(/(?:[-@](?:\d{4}-\d{2}-\d{2}|\d{8}|\d{3}|latest)|@default)$/, "");
    if (cut === shorter || cut === "") return;
    yield cut;
    shorter = cut;
  }
}

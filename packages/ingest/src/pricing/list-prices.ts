import { providerId, sellers } from "./provider-ids.ts";
import type { Rates } from "./rates.ts";
import { priceHistory, tableEntries } from "./read-price-table.ts";

/** A model of the built-in table with every price it ever had. */
export interface ListedPrice {
  provider: string;
  model: string;
  /** Newest first. `from` undefined = always. */
  history: { from: string | undefined; rates: readonly { tier: string; above: number; rates: Rates }[] }[];
}

/** One page of the table in order of provider and model; `search` is words that must all occur in "provider/model". */
export function listPrices(
  { search = "", provider }: { search?: string | undefined; provider?: string | undefined },
  { after, limit }: { after?: string | undefined; limit: number },
): { data: ListedPrice[]; hasMore: boolean; total: number } {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  const wanted = provider === undefined || provider === "" ? undefined : providerId(provider);
  const names = sortedNames().filter((entry) => (wanted === undefined || entry.provider === wanted) && words.every((word) => entry.key.includes(word)));
  const start = after === undefined ? 0 : names.findIndex((entry) => entry.key > after);
  const page = start < 0 ? [] : names.slice(start, start + limit);
  return { data: page.map(({ provider: of, model }) => listed(of, model)), hasMore: start >= 0 && start + limit < names.length, total: names.length };
}

/** Key of an entry in the order of the list, for cursors. */
export function listedKey({ provider, model }: { provider: string; model: string }): string {
  return `${provider}/${model}`;
}

function listed(provider: string, model: string): ListedPrice {
  const history = priceHistory(provider, model) ?? [];
  return {
    provider,
    model,
    history: history.map((period) => ({
      from: period.from === "" ? undefined : period.from,
      rates: [...period.tiers].flatMap(([tier, steps]) => steps.map((step) => ({ tier, above: step.above, rates: step.rates }))),
    })),
  };
}

interface Named {
  provider: string;
  model: string;
  key: string;
}

let names: readonly Named[] | undefined;

function sortedNames(): readonly Named[] {
  names ??= Array.from(tableEntries(), (entry) => ({ ...entry, key: listedKey(entry) })).toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return names;
}

const MAX_COMPARED = 120;

/**
 * Known models whose names are nearest to one without a price, nearest first: a suggestion for a person, never a price by
 * itself. Those of the same provider come before others that are as near.
 */
export function nearestModels(provider: string, model: string, limit = 3): { provider: string; model: string }[] {
  const name = lastSegment(model.trim().toLowerCase()).slice(0, MAX_COMPARED);
  if (name === "") return [];
  const own = new Set(sellers(providerId(provider)));
  const found: { entry: Named; distance: number }[] = [];
  for (const entry of sortedNames()) {
    const other = lastSegment(entry.model).slice(0, MAX_COMPARED);
    const allowed = Math.floor(Math.max(name.length, other.length) / 2);
    if (Math.abs(name.length - other.length) > allowed) continue;
    const distance = editDistance(name, other) + (own.has(entry.provider) ? 0 : 0.5);
    if (distance <= allowed) found.push({ entry, distance });
  }
  return found
    .toSorted((a, b) => a.distance - b.distance || (a.entry.key < b.entry.key ? -1 : 1))
    .slice(0, limit)
    .map(({ entry }) => ({ provider: entry.provider, model: entry.model }));
}

function lastSegment(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}

/** A private model's name is a known one with something added, so a letter too many counts half of one that differs. */
const SURPLUS = 0.5;

/** Letters of `a` to change, add or drop to have `b` (Levenshtein, weighted), row by row. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i * SURPLUS];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + SURPLUS, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

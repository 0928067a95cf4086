import type { Attributes, AttributeValue } from "@telltale/model";

/** A list spread over numbered keys: `llm.input_messages.0.message.role`, `gen_ai.prompt.1.content`, … */
export type Entry = Map<string, AttributeValue>;

const MAX_INDEX = 100_000;

/** Entries below `prefix` in the order of their numbers, each with the rest of its keys. Linear in the attributes. */
export function indexedEntries(attributes: Iterable<readonly [string, AttributeValue]>, prefix: string): Entry[] {
  const entries = new Map<number, Entry>();
  for (const [key, value] of attributes) {
    if (!key.startsWith(prefix)) continue;
    const dot = key.indexOf(".", prefix.length);
    const index = Number(key.slice(prefix.length, dot < 0 ? undefined : dot));
    if (!Number.isInteger(index) || index < 0 || index > MAX_INDEX) continue;
    let entry = entries.get(index);
    if (entry === undefined) entries.set(index, (entry = new Map()));
    entry.set(dot < 0 ? "" : key.slice(dot + 1), value);
  }
  return Array.from(entries)
    .toSorted(([a], [b]) => a - b)
    .map(([, entry]) => entry);
}

/** True when the attributes hold the first entry of such a list. */
export function hasIndexed(attributes: Attributes, prefix: string, suffixes: readonly string[]): boolean {
  return suffixes.some((suffix) => attributes.has(`${prefix}0.${suffix}`));
}

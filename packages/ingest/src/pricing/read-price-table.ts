import { priceTable } from "./price-table.ts";
import { type ExactRates, type RateClass, type Rates, exactRates } from "./rates.ts";

/** Rates that hold for requests with more input than `above` tokens. */
export interface RateStep {
  above: number;
  rates: Rates;
  exact: ExactRates;
}

/** Prices since a day (`""` = always). Steps by tier, the highest threshold first; every tier ends with a step above -1. */
export interface PricePeriod {
  from: string;
  tiers: Map<string, readonly RateStep[]>;
}

/** Newest period first. */
export type PriceHistory = readonly PricePeriod[];

const classes: Record<string, RateClass> = {
  i: "input",
  o: "output",
  r: "cacheRead",
  w: "cacheWrite",
  h: "cacheWrite1h",
  a: "inputAudio",
  A: "outputAudio",
  g: "inputImage",
  t: "reasoning",
};

/** provider → model → its line's rates, or what they say once they were asked for. Built at the first question. */
let table: Map<string, Map<string, string | PriceHistory>> | undefined;

export function knowsProvider(provider: string): boolean {
  return loaded().has(provider);
}

/** The prices of a model by its exact (lower-case) name; undefined when the table does not have it. */
export function priceHistory(provider: string, model: string): PriceHistory | undefined {
  const models = loaded().get(provider);
  const found = models?.get(model);
  if (typeof found !== "string") return found;
  const history = parseHistory(found);
  models?.set(model, history);
  return history;
}

/** The step that applies on a day (`YYYY-MM-DD`) to a tier and an amount of input; an unlisted tier costs as standard. */
export function stepOf(history: PriceHistory, day: string, tier: string, inputTokens: number): RateStep | undefined {
  const period = history.find((one) => one.from <= day);
  const steps = period?.tiers.get(tier) ?? period?.tiers.get("");
  return steps?.find((step) => inputTokens > step.above);
}

/** Every provider of the table with its models, as written. */
export function* tableEntries(): Generator<{ provider: string; model: string }> {
  for (const [provider, models] of loaded()) for (const model of models.keys()) yield { provider, model };
}

let thresholds: readonly number[] | undefined;

/** All amounts of input above which some model costs more, ascending. */
export function longContextThresholds(): readonly number[] {
  thresholds ??= [...new Set(Array.from(priceTable.matchAll(/>(\d+)/g), (match) => Number(match[1])))].toSorted((a, b) => a - b);
  return thresholds;
}

function loaded(): Map<string, Map<string, string | PriceHistory>> {
  if (table) return table;
  table = new Map();
  let models = new Map<string, string | PriceHistory>();
  for (const line of priceTable.split("\n")) {
    if (line.startsWith("[")) {
      models = new Map();
      table.set(line.slice(1, -1), models);
      continue;
    }
    const at = line.indexOf("=");
    if (at < 0) continue;
    const rates = line.slice(at + 1);
    for (const name of line.slice(0, at).split(" ")) models.set(name, rates);
  }
  return table;
}

function parseHistory(text: string): PriceHistory {
  return text
    .split(";")
    .map((part) => {
      const dated = /^@(\S+) /.exec(part);
      return { from: dated?.[1] ?? "", tiers: parseTiers(dated ? part.slice(dated[0].length) : part) };
    })
    .toReversed();
}

function parseTiers(text: string): Map<string, readonly RateStep[]> {
  const rows = text.split("|").map(parseRow);
  const tiers = new Map<string, readonly RateStep[]>();
  for (const tier of new Set(rows.map((row) => row.tier))) {
    const thresholds = new Set([-1, ...rows.filter((row) => row.tier === tier || row.tier === "").map((row) => row.above)]);
    tiers.set(
      tier,
      [...thresholds].toSorted((a, b) => b - a).map((above) => step(rows, tier, above)),
    );
  }
  return tiers;
}

interface RateRow {
  tier: string;
  above: number;
  rates: Rates;
}

/**
 * A class that a row does not state has the rate of the nearest row that does: the tier's and standard's long-context
 * rows before their base rows (as LiteLLM, so that a missing discount is never assumed).
 */
function step(rows: readonly RateRow[], tier: string, above: number): RateStep {
  const rates: Rates = {};
  const applying = rows.filter((row) => row.above <= above && (row.tier === tier || row.tier === ""));
  // Weakest first, so that the strongest is written last.
  applying.sort((a, b) => a.above - b.above || a.tier.length - b.tier.length);
  for (const row of applying) Object.assign(rates, row.rates);
  return { above, rates, exact: exactRates(rates) };
}

function parseRow(text: string): RateRow {
  const words = text.split(" ");
  const condition = /^(?:([a-z]{2,})?(?:>(\d+))?)$/.exec(words[0] ?? "");
  const rates: Rates = {};
  for (const word of words) {
    const name = classes[word.charAt(0)];
    if (name !== undefined && /^[\d.]+$/.test(word.slice(1))) rates[name] = word.slice(1);
  }
  return { tier: condition?.[1] ?? "", above: condition?.[2] === undefined ? -1 : Number(condition[2]), rates };
}

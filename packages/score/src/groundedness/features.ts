import { type Word, wordsIn } from "./words.ts";

/** What a response is held against, read once. */
export interface Context {
  stems: ReadonlySet<string>;
  bigrams: ReadonlySet<string>;
  trigrams: ReadonlySet<string>;
  /** Content stems of every sentence. */
  sentences: readonly ReadonlySet<string>[];
  /** In how many sentences a stem occurs. */
  sentenceCounts: ReadonlyMap<string, number>;
  negationsIn: readonly number[];
  words: number;
}

export const featureNames = [
  "contentAbsent",
  "rareAbsent",
  "bigramsAbsent",
  "trigramsAbsent",
  "numbersAbsent",
  "namesAbsent",
  "anyNumberAbsent",
  "anyNameAbsent",
  "bestSentence",
  "bestTwo",
  "bestThree",
  "longestRun",
  "length",
  "contextLength",
  "negations",
  "firstPerson",
  "isQuestion",
] as const;

/** Features of one response in the order of `featureNames`, all finite. */
export function featuresOf(response: string, context: Context): number[] {
  const words = wordsIn(response);
  const content = words.filter(({ isContent }) => isContent);
  const stems = [...new Set(content.map(({ stem }) => stem))];
  const numbers = content.filter(({ isNumber }) => isNumber);
  const names = content.filter(({ isName, isNumber }) => isName && !isNumber);
  const { coverage, best } = coverageBySentences(stems, context);
  const absentNumbers = numbers.filter(({ stem }) => !context.stems.has(stem)).length;
  const absentNames = names.filter(({ stem }) => !context.stems.has(stem)).length;
  const negations = words.filter(({ isNegation }) => isNegation).length;
  return [
    absentShare(stems, context.stems),
    rareAbsentShare(stems, context),
    absentShare(grams(words, 2), context.bigrams),
    absentShare(grams(words, 3), context.trigrams),
    numbers.length === 0 ? 0 : absentNumbers / numbers.length,
    names.length === 0 ? 0 : absentNames / names.length,
    absentNumbers > 0 ? 1 : 0,
    absentNames > 0 ? 1 : 0,
    coverage[0],
    coverage[1],
    coverage[2],
    longestRun(words, context) / Math.max(1, words.length),
    Math.log1p(content.length),
    Math.log1p(context.words),
    Math.max(0, negations - (context.negationsIn[best] ?? 0)),
    words.filter(({ isFirstPerson }) => isFirstPerson).length / Math.max(1, words.length),
    response.includes("?") ? 1 : 0,
  ];
}

/** Reads texts once for any number of responses. Linear. */
export function contextOf(sentences: readonly string[]): Context {
  const stems = new Set<string>();
  const bigrams = new Set<string>();
  const trigrams = new Set<string>();
  const sentenceCounts = new Map<string, number>();
  const bySentence: Set<string>[] = [];
  const negationsIn: number[] = [];
  let count = 0;
  for (const sentence of sentences) {
    const words = wordsIn(sentence);
    count += words.length;
    for (const gram of grams(words, 2)) bigrams.add(gram);
    for (const gram of grams(words, 3)) trigrams.add(gram);
    const own = new Set(words.map(({ stem }) => stem));
    for (const stem of own) {
      stems.add(stem);
      sentenceCounts.set(stem, (sentenceCounts.get(stem) ?? 0) + 1);
    }
    bySentence.push(own);
    negationsIn.push(words.filter(({ isNegation }) => isNegation).length);
  }
  return { stems, bigrams, trigrams, sentences: bySentence, sentenceCounts, negationsIn, words: count };
}

function grams(words: readonly Word[], n: number): string[] {
  const found: string[] = [];
  for (let i = n; i <= words.length; i += 1)
    found.push(
      words
        .slice(i - n, i)
        .map(({ stem }) => stem)
        .join(" "),
    );
  return found;
}

function absentShare(items: readonly string[], present: ReadonlySet<string>): number {
  return items.length === 0 ? 0 : items.filter((item) => !present.has(item)).length / items.length;
}

/** As `absentShare`, a word counting the more the fewer sentences of the context have it. */
function rareAbsentShare(stems: readonly string[], { sentenceCounts, sentences }: Context): number {
  let [absent, all] = [0, 0];
  for (const stem of stems) {
    const weight = Math.log((sentences.length + 1) / ((sentenceCounts.get(stem) ?? 0) + 0.5)) + 0.5;
    all += weight;
    if (!sentenceCounts.has(stem)) absent += weight;
  }
  return all === 0 ? 0 : absent / all;
}

/** Share of the stems that the best one, two and three sentences cover, taken greedily. */
function coverageBySentences(stems: readonly string[], context: Context): { coverage: [number, number, number]; best: number } {
  const coverage: [number, number, number] = [1, 1, 1];
  let first = -1;
  let open = new Set(stems);
  for (const take of [0, 1, 2] as const) {
    let best = -1;
    let most = 0;
    for (const [index, sentence] of context.sentences.entries()) {
      const shared = overlap(open, sentence);
      if (shared > most) [best, most] = [index, shared];
    }
    if (take === 0) first = best;
    const taken = context.sentences[best];
    if (taken !== undefined) open = new Set([...open].filter((stem) => !taken.has(stem)));
    coverage[take] = stems.length === 0 ? 1 : 1 - open.size / stems.length;
  }
  return { coverage, best: first };
}

function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const [few, many] = a.size < b.size ? [a, b] : [b, a];
  let shared = 0;
  for (const item of few) if (many.has(item)) shared += 1;
  return shared;
}

/** Words of the longest stretch of the response whose every three words stand in the context in this order. */
function longestRun(words: readonly Word[], { trigrams }: Context): number {
  let [run, longest] = [0, 0];
  for (const gram of grams(words, 3)) {
    run = trigrams.has(gram) ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest === 0 ? 0 : longest + 2;
}

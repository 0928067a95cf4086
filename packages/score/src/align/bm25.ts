/** Usual constants (Robertson & Zaragoza 2009): how fast repeated words stop counting, and how much long texts are held back. */
const K1 = 1.2;
const B = 0.75;

/**
 * Okapi BM25 over a fixed, small collection: `nearest(query, count)` answers with indexes, best first, texts that share no word with
 * the query left out. Ties go to the earlier text, so that the same question always gets the same answer.
 */
export class Bm25 {
  readonly #texts: readonly { counts: ReadonlyMap<string, number>; length: number }[];
  readonly #holding = new Map<string, number>();
  readonly #meanLength: number;

  constructor(texts: readonly string[]) {
    this.#texts = texts.map((text) => {
      const words = wordsOf(text);
      const counts = new Map<string, number>();
      for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
      for (const word of counts.keys()) this.#holding.set(word, (this.#holding.get(word) ?? 0) + 1);
      return { counts, length: words.length };
    });
    this.#meanLength = this.#texts.reduce((sum, { length }) => sum + length, 0) / Math.max(1, this.#texts.length);
  }

  nearest(query: string, count: number): number[] {
    const words = [...new Set(wordsOf(query))];
    return this.#texts
      .map((text, index) => ({ index, score: words.reduce((sum, word) => sum + this.#weight(word, text), 0) }))
      .filter(({ score }) => score > 0)
      .toSorted((a, b) => b.score - a.score || a.index - b.index)
      .slice(0, count)
      .map(({ index }) => index);
  }

  #weight(word: string, { counts, length }: { counts: ReadonlyMap<string, number>; length: number }): number {
    const inText = counts.get(word);
    if (inText === undefined) return 0;
    const holding = this.#holding.get(word) ?? 0;
    const rarity = Math.log(1 + (this.#texts.length - holding + 0.5) / (holding + 0.5));
    return (rarity * inText * (K1 + 1)) / (inText + K1 * (1 - B + (B * length) / this.#meanLength));
  }
}

/** Letters and digits of any script, in lower case. */
function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

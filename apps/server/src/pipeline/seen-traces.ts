const BITS_PER_TRACE = 12;
const HASHES = 5;

/**
 * Answers "was this trace ever stored?" without asking the store for every new trace. A Bloom filter over the random
 * bits that a trace id already is: no false "no", about 1 % false "maybe" (which costs one look-up) at full capacity.
 */
export class SeenTraces {
  readonly #words: Uint32Array;
  readonly #bits: number;
  /** Until the ids already stored are loaded, every trace may exist. */
  loaded = false;

  constructor(capacity = 2_000_000) {
    const words = Math.ceil((capacity * BITS_PER_TRACE) / 32);
    this.#words = new Uint32Array(words);
    this.#bits = words * 32;
  }

  add(traceId: string): void {
    const [a, b] = halves(traceId);
    for (let i = 0; i < HASHES; i += 1) {
      const bit = (a + i * b) % this.#bits;
      const word = bit >>> 5;
      this.#words[word] = (this.#words[word] ?? 0) | (1 << (bit & 31));
    }
  }

  mayContain(traceId: string): boolean {
    if (!this.loaded) return true;
    const [a, b] = halves(traceId);
    for (let i = 0; i < HASHES; i += 1) {
      const bit = (a + i * b) % this.#bits;
      if (((this.#words[bit >>> 5] ?? 0) & (1 << (bit & 31))) === 0) return false;
    }
    return true;
  }
}

/** Two 48-bit numbers: from the digits of a W3C trace id (random by definition), by FNV-1a for a client's own id. */
function halves(traceId: string): [number, number] {
  const a = Number.parseInt(traceId.slice(0, 12), 16);
  const b = Number.parseInt(traceId.slice(20, 32), 16);
  if (traceId.length === 32 && !Number.isNaN(a) && !Number.isNaN(b)) return [a, b + 1];
  let hash = 0x811c9dc5;
  let second = 0x01000193;
  for (let i = 0; i < traceId.length; i += 1) {
    hash = Math.imul(hash ^ traceId.charCodeAt(i), 0x01000193) >>> 0;
    second = Math.imul(second ^ traceId.charCodeAt(i), 0x85ebca6b) >>> 0;
  }
  return [hash, second + 1];
}

/**
 * Gives back the same string object for the same short ASCII bytes: an attribute key or a model name arrives millions of
 * times, and comparing bytes with a known string is cheaper than making a new one.
 *
 * A direct-mapped cache, so its size is fixed: a string whose slot is taken replaces what was there.
 */
export class InternTable {
  readonly #slots: (string | undefined)[];
  readonly #mask: number;

  /** `slots` must be a power of two. Longer strings than `maxBytes` are not shared. */
  constructor(
    slots: number,
    readonly maxBytes: number,
  ) {
    this.#slots = Array.from({ length: slots });
    this.#mask = slots - 1;
  }

  /** The UTF-8 bytes `[start, stop)` as text; invalid sequences become U+FFFD. */
  read(bytes: Buffer, start: number, stop: number): string {
    const length = stop - start;
    if (length === 0) return "";
    if (length > this.maxBytes) return bytes.toString("utf8", start, stop);
    let hash = length;
    let seen = 0;
    for (let index = start; index < stop; index += 1) {
      const byte = bytes[index] ?? 0;
      hash = (Math.imul(hash, 31) + byte) | 0;
      seen |= byte;
    }
    if (seen >= 0x80) return bytes.toString("utf8", start, stop);
    const slot = (hash ^ (hash >>> 13)) & this.#mask;
    const known = this.#slots[slot];
    if (known !== undefined && known.length === length && isSame(known, bytes, start)) return known;
    const text = bytes.toString("latin1", start, stop);
    this.#slots[slot] = text;
    return text;
  }
}

function isSame(text: string, bytes: Buffer, start: number): boolean {
  for (let index = 0; index < text.length; index += 1) {
    if (text.charCodeAt(index) !== bytes[start + index]) return false;
  }
  return true;
}

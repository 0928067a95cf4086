import { TelltaleError } from "@telltale/model";

/**
 * Memory that request bodies of all surfaces may hold at once. Bytes are taken as they arrive, so a sender cannot claim
 * what it does not send, and given back when its request ends. A request that finds no room is told to come back (429).
 */
export class InFlightBytes {
  #held = 0;
  constructor(readonly limitBytes: number) {}

  get held(): number {
    return this.#held;
  }

  /** Throws `overloaded` when all requests together would hold more than the limit. */
  take(bytes: number): void {
    if (this.#held + bytes > this.limitBytes) {
      throw new TelltaleError("overloaded", "Too many large requests at the same time; send again in a second", { retryAfterS: 1 });
    }
    this.#held += bytes;
  }

  giveBack(bytes: number): void {
    this.#held -= bytes;
  }

  /** A share of one request: counts what it took, so that `release` (any number of times) gives back exactly that. */
  share(): InFlightShare {
    let taken = 0;
    return {
      take: (bytes) => {
        this.take(bytes);
        taken += bytes;
      },
      release: () => {
        this.giveBack(taken);
        taken = 0;
      },
    };
  }
}

export interface InFlightShare {
  take(bytes: number): void;
  release(): void;
}

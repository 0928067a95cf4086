import { type Engine, indexFreshParts } from "@telltale/store";

/** Nothing was written for so long: a burst is over. */
const LULL_MS = 2_000;
/** So many rows without an index are felt in every word search; fewer wait for a longer rest. */
const MANY_ROWS = 4_000;

type Log = (message: string, fields?: Record<string, unknown>) => void;

/** Has what a burst left indexed soon after its end, before people search in it. */
export class IndexAfterBursts {
  #timer: NodeJS.Timeout | undefined;

  constructor(
    readonly engine: Engine,
    readonly log: Log,
  ) {}

  /** Something was written. */
  wait(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.index(MANY_ROWS), LULL_MS).unref();
  }

  /** Now, when there are so many rows; see `indexFreshParts`. */
  index(worthRows?: number): void {
    indexFreshParts(this.engine, worthRows).catch((error: unknown) => this.log("fresh parts not indexed; searches read them whole", { error: String(error) }));
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}

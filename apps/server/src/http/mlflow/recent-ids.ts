/** The last ids seen, at most `capacity`; the oldest are forgotten. */
export class RecentIds {
  readonly #ids = new Set<string>();
  constructor(readonly capacity: number) {}

  add(id: string): void {
    this.#ids.delete(id);
    this.#ids.add(id);
    if (this.#ids.size <= this.capacity) return;
    for (const oldest of this.#ids) {
      this.#ids.delete(oldest);
      return;
    }
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }
}

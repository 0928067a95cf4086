/** In Node 20, but in TypeScript's library only from es2024 on. */
interface WellFormedString {
  isWellFormed(): boolean;
  toWellFormed(): string;
}

/**
 * Text that can be written as UTF-8: a lone half of a surrogate pair (JSON may carry one as `"\ud800"`) becomes U+FFFD.
 * `JSON.stringify` would write it as an escape, which the store's JSON reader refuses.
 */
export function wellFormed(text: string): string {
  const checked = text as unknown as WellFormedString;
  return checked.isWellFormed() ? text : checked.toWellFormed();
}

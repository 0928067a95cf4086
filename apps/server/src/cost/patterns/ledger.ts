import type { PatternName } from "@telltale/model/api";
import type { Step } from "./call.ts";

/** Nano-dollars that a step wasted; undefined: what it costs is not known. */
export interface Claim {
  step: Step;
  nano: number | undefined;
}

/** One time that a pattern wasted something. */
export interface Occurrence {
  pattern: PatternName;
  /** The step at which it shows. */
  step: Step;
  /** The steps that wasted, and how much each; none: it happened, and nothing is paid for it. */
  claims: readonly Claim[];
  /** In words, for a person. */
  detail: string;
}

/** Money is wasted once: what one rule has claimed of a call, no other can. Rules that come first have the first claim. */
export class Ledger {
  readonly occurrences: Occurrence[] = [];
  readonly #left = new Map<string, number>();

  /** Claims up to `nano` of what a call costs, as far as it is not claimed yet. */
  claim(step: Step, nano: number | undefined): Claim {
    if (step.costNano === undefined || nano === undefined) return { step, nano: undefined };
    const left = this.#left.get(step.key) ?? step.costNano;
    const claimed = Math.max(0, Math.min(left, Math.floor(nano)));
    this.#left.set(step.key, left - claimed);
    return { step, nano: claimed };
  }

  /** All that a call costs. */
  claimWhole(step: Step): Claim {
    return this.claim(step, step.costNano);
  }

  /** What happened. Where all is known and nothing is left to claim, another pattern has said it. */
  note(pattern: PatternName, step: Step, claims: readonly Claim[], detail: string): void {
    if (claims.length > 0 && claims.every((claim) => claim.nano === 0)) return;
    this.occurrences.push({ pattern, step, claims, detail });
  }
}

/** Sum of claims: unknown only when none of them is known. */
export function sumClaims(claims: readonly Claim[]): number | undefined {
  const known = claims.flatMap((claim) => claim.nano ?? []);
  return known.length === 0 ? undefined : known.reduce((sum, nano) => sum + nano, 0);
}

/** Groups in the order in which their first member comes. */
export function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string | undefined): Item[][] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return [...groups.values()];
}

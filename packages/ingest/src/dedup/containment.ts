import type { MarkDuplicate } from "./ancestors.ts";
import { hasTokens, type SettleSpan } from "./settle-span.ts";

/**
 * Containment rule (protocol notes §5.3): a call whose interval lies inside that of a call of the same process, model
 * and tokens, reported by another scope, is the same call seen by a lower layer that was not linked as its child. Every
 * outer call takes one inner call of each other scope at most: equal tokens alone are no proof for a second.
 */
export function settleContained(calls: readonly SettleSpan[], mark: MarkDuplicate): void {
  for (const group of groups(calls)) if (group.length > 1) settleGroup(group, mark);
}

function groups(calls: readonly SettleSpan[]): Iterable<SettleSpan[]> {
  const byKey = new Map<string, SettleSpan[]>();
  for (const call of calls) {
    if (!hasTokens(call)) continue;
    const key = `${call.serviceInstance}\0${call.kind}\0${call.model}\0${call.inputTokens ?? ""}\0${call.outputTokens ?? ""}`;
    const group = byKey.get(key);
    if (group === undefined) byKey.set(key, [call]);
    else group.push(call);
  }
  return byKey.values();
}

function settleGroup(group: SettleSpan[], mark: MarkDuplicate): void {
  const scopes = new Set(group.map((call) => call.scopeName));
  if (scopes.size < 2) return;
  // Outer before inner: earlier start first, on a tie the later end; the span id makes it independent of arrival.
  group.sort((a, b) => compare(a.startNs, b.startNs) || compare(b.endNs, a.endNs) || compare(a.spanId, b.spanId));
  const open = new Map<string, OuterCalls>();
  for (const call of group) {
    const outer = takeOuter(open, call);
    if (outer !== undefined) {
      mark(call, outer);
      continue;
    }
    let own = open.get(call.scopeName);
    if (own === undefined) open.set(call.scopeName, (own = new OuterCalls()));
    own.add(call);
  }
}

/** The tightest call of another scope that is still open at the end of this one. */
function takeOuter(open: Map<string, OuterCalls>, call: SettleSpan): SettleSpan | undefined {
  let best: OuterCalls | undefined;
  let bestAt = -1;
  for (const [scope, calls] of open) {
    if (scope === call.scopeName) continue;
    const at = calls.firstEndingAtOrAfter(call.endNs);
    const found = calls.at(at);
    if (found === undefined) continue;
    const current = best?.at(bestAt);
    if (current === undefined || found.endNs < current.endNs) {
      best = calls;
      bestAt = at;
    }
  }
  return best?.take(bestAt);
}

/** Calls in the order of their ends. */
class OuterCalls {
  readonly #byEnd: SettleSpan[] = [];

  add(call: SettleSpan): void {
    this.#byEnd.splice(this.firstEndingAtOrAfter(call.endNs), 0, call);
  }

  at(index: number): SettleSpan | undefined {
    return this.#byEnd[index];
  }

  take(index: number): SettleSpan | undefined {
    return this.#byEnd.splice(index, 1)[0];
  }

  firstEndingAtOrAfter(endNs: bigint): number {
    let low = 0;
    let high = this.#byEnd.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const call = this.#byEnd[middle];
      if (call !== undefined && call.endNs < endNs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function compare<T extends bigint | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

import { settleAncestors } from "./ancestors.ts";
import { settleContained } from "./containment.ts";
import { isBillable, preferred, reference, type SettleSpan, type Settlement } from "./settle-span.ts";

/**
 * Decides for every model call of a trace whether it counts (protocol notes §5, rules 1 to 3 within the trace). Spans
 * that are no model calls are not in the answer: nothing of them is summed. Same answer for any order of the spans;
 * n log n at worst. Run it when a trace settles, and again when late spans arrive.
 */
export function settleTrace(spans: readonly SettleSpan[]): Map<string, Settlement> {
  const ordered = inOrder(spans);
  const winners = new Map<string, SettleSpan>();
  const mark = (loser: SettleSpan, winner: SettleSpan): void => {
    if (loser.spanId !== winner.spanId) winners.set(loser.spanId, winner);
  };
  const calls = ordered.filter(isBillable);
  if (calls.length > 1) {
    settleAncestors(ordered, mark);
    settleResponses(
      calls.filter((call) => !winners.has(call.spanId)),
      mark,
    );
    settleContained(
      calls.filter((call) => !winners.has(call.spanId)),
      mark,
    );
  }
  return new Map(calls.map((call) => [call.spanId, settlement(call, winners)]));
}

/** One entry per span id (the last one wins) in start order: decisions must not depend on the order of arrival. */
function inOrder(spans: readonly SettleSpan[]): SettleSpan[] {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  return Array.from(byId.values()).toSorted((a, b) => (a.startNs < b.startNs ? -1 : a.startNs > b.startNs ? 1 : a.spanId < b.spanId ? -1 : 1));
}

/** Response-id rule within the trace: one span per id counts. */
function settleResponses(calls: readonly SettleSpan[], mark: (loser: SettleSpan, winner: SettleSpan) => void): void {
  const best = new Map<string, SettleSpan>();
  for (const call of calls) {
    if (call.responseId === "") continue;
    const key = `${call.kind}\0${call.responseId}`;
    const rival = best.get(key);
    if (rival === undefined) {
      best.set(key, call);
      continue;
    }
    const winner = preferred(rival, call);
    mark(winner === rival ? call : rival, winner);
    best.set(key, winner);
  }
}

/** Follows displaced winners to the span that counts in the end. */
function settlement(call: SettleSpan, winners: ReadonlyMap<string, SettleSpan>): Settlement {
  let winner = winners.get(call.spanId);
  if (winner === undefined) return { counted: true, duplicateOf: "" };
  const seen = new Set([call.spanId]);
  for (let next = winners.get(winner.spanId); next !== undefined && !seen.has(winner.spanId); next = winners.get(winner.spanId)) {
    seen.add(winner.spanId);
    winner = next;
  }
  return { counted: false, duplicateOf: reference(winner) };
}

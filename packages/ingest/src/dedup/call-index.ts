import { prefersResponse } from "./prefer-call.ts";
import { type SettleSpan, hasUsage, isCall } from "./settle-span.ts";
import { containmentKey } from "./settle-trace.ts";

/** A verdict across traces: `loser` does not count, `winner` does. */
export interface CrossTraceDuplicate {
  winner: SettleSpan;
  loser: SettleSpan;
}

/** Calls of one size that may enclose, or be enclosed by, the next one. */
const MAX_RECENT_PER_SIZE = 32;
const DEFAULT_CAPACITY = 50_000;

/**
 * Finds one call reported in two traces: SDK-native spans and callback instrumentations often start a trace of their own
 * (otel-genai §0.4). Keeps the most recent calls of a project, by response id and by size; bounded, oldest first out.
 */
export class CallIndex {
  readonly #byResponse = new Map<string, SettleSpan>();
  readonly #bySize = new Map<string, SettleSpan[]>();

  constructor(readonly capacity = DEFAULT_CAPACITY) {}

  /** Adds a call; returns the verdict when another trace of the project reported the same one. */
  add(projectId: string, span: SettleSpan): CrossTraceDuplicate | undefined {
    if (!isCall(span)) return undefined;
    return this.#byId(projectId, span) ?? this.#byInterval(projectId, span);
  }

  #byId(projectId: string, span: SettleSpan): CrossTraceDuplicate | undefined {
    if (span.responseId === "") return undefined;
    const key = `${projectId}/${span.responseId}`;
    const seen = this.#byResponse.get(key);
    const isBetter = !seen || prefersResponse(span, seen);
    if (isBetter) remember(this.#byResponse, key, span, this.capacity);
    if (!seen || seen.traceId === span.traceId) return undefined;
    return isBetter ? { winner: span, loser: seen } : { winner: seen, loser: span };
  }

  /** Containment (§5.3) across traces: the inner one is the duplicate. */
  #byInterval(projectId: string, span: SettleSpan): CrossTraceDuplicate | undefined {
    if (!hasUsage(span) || span.service === "") return undefined;
    const key = `${projectId}/${containmentKey(span)}`;
    const recent = this.#bySize.get(key) ?? [];
    const others = recent.filter((other) => !(other.traceId === span.traceId && other.spanId === span.spanId));
    remember(this.#bySize, key, [...others, span].slice(-MAX_RECENT_PER_SIZE), this.capacity);
    for (const other of others) {
      if (other.traceId === span.traceId || other.scopeName === span.scopeName) continue;
      // Two response ids that differ are two calls, however alike.
      if (other.responseId !== "" && span.responseId !== "" && other.responseId !== span.responseId) continue;
      if (encloses(other, span)) return { winner: other, loser: span };
      if (encloses(span, other)) return { winner: span, loser: other };
    }
    return undefined;
  }
}

function encloses(outer: SettleSpan, inner: SettleSpan): boolean {
  return outer.startNs <= inner.startNs && outer.endNs >= inner.endNs;
}

function remember<V>(map: Map<string, V>, key: string, value: V, capacity: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= capacity) return;
  const oldest = map.keys().next().value;
  if (oldest !== undefined) map.delete(oldest);
}

import { hasTokens, isBillable, isSdkNative, preferred, reference, type SettleSpan } from "./settle-span.ts";

/** What the index says about a call that is counted within its trace. */
export interface ResponseDecision {
  counted: boolean;
  /** `traceId:spanId` of the call that counts instead, or `""`. */
  duplicateOf: string;
  /** A call seen earlier, of another trace, that this one replaces: mark it `duplicateOf` this span. */
  displaced: SettleSpan | undefined;
}

const COUNTS: ResponseDecision = { counted: true, duplicateOf: "", displaced: undefined };
const WINDOW_NS = 24n * 3_600_000_000_000n;
const MAX_TWINS = 16;

/**
 * Finds calls that were reported in two traces (protocol notes §5.2): by response id, within 24 hours and one project.
 * Failed calls have no response id; of these only the ones that Anthropic's SDK reports beside an instrumentation are
 * matched, by interval. Bounded: the oldest entries are forgotten first, which can only leave a duplicate unnoticed.
 */
export class ResponseIndex {
  readonly #byResponse = new Map<string, SettleSpan>();
  readonly #failed = new Map<string, SettleSpan[]>();

  constructor(readonly capacity = 200_000) {}

  /** Offers a call that its own trace counts. Offering the same span again, or a newer version of it, is harmless. */
  offer(projectId: string, call: SettleSpan): ResponseDecision {
    if (!isBillable(call)) return COUNTS;
    return call.responseId === "" ? this.#offerFailed(projectId, call) : this.#offerResponse(`${projectId}\0${call.kind}\0${call.responseId}`, call);
  }

  get size(): number {
    return this.#byResponse.size + this.#failed.size;
  }

  #offerResponse(key: string, call: SettleSpan): ResponseDecision {
    const rival = this.#byResponse.get(key);
    if (rival === undefined || isSame(rival, call) || isOutsideWindow(rival, call)) return this.#keep(key, call);
    // Inside one trace `settleTrace` has decided already.
    if (rival.traceId === call.traceId) return { ...this.#keep(key, call), displaced: undefined };
    if (!isClearlyBetter(call, rival)) return { counted: false, duplicateOf: reference(rival), displaced: undefined };
    this.#keep(key, call);
    return { counted: true, duplicateOf: "", displaced: rival };
  }

  #keep(key: string, call: SettleSpan): ResponseDecision {
    this.#byResponse.delete(key); // moves to the end: the map is in order of last use
    this.#byResponse.set(key, call);
    forgetOldest(this.#byResponse, this.capacity);
    return COUNTS;
  }

  #offerFailed(projectId: string, call: SettleSpan): ResponseDecision {
    if (hasTokens(call)) return COUNTS;
    const key = `${projectId}\0${call.serviceInstance}\0${call.model}`;
    const seen = (this.#failed.get(key) ?? []).filter((other) => !isSame(other, call));
    const twin = seen.find((other) => other.traceId !== call.traceId && isTwin(other, call));
    this.#failed.delete(key);
    this.#failed.set(key, [...seen, call].slice(-MAX_TWINS));
    forgetOldest(this.#failed, this.capacity);
    if (twin === undefined) return COUNTS;
    return isSdkNative(call.scopeName)
      ? { counted: false, duplicateOf: reference(twin), displaced: undefined }
      : { counted: true, duplicateOf: "", displaced: twin };
  }
}

/** Between equals the first seen stays: what is stored already is only changed for a better report. */
function isClearlyBetter(call: SettleSpan, rival: SettleSpan): boolean {
  const isTie =
    hasTokens(call) === hasTokens(rival) && isSdkNative(call.scopeName) === isSdkNative(rival.scopeName) && call.attributeCount === rival.attributeCount;
  return !isTie && preferred(rival, call) === call;
}

/** One of them is the SDK's own span, and it lies inside the other. */
function isTwin(a: SettleSpan, b: SettleSpan): boolean {
  if (isSdkNative(a.scopeName) === isSdkNative(b.scopeName)) return false;
  const [inner, outer] = isSdkNative(a.scopeName) ? [a, b] : [b, a];
  return inner.startNs >= outer.startNs && inner.endNs <= outer.endNs;
}

function isSame(a: SettleSpan, b: SettleSpan): boolean {
  return a.spanId === b.spanId && a.traceId === b.traceId;
}

function isOutsideWindow(a: SettleSpan, b: SettleSpan): boolean {
  const apart = a.startNs - b.startNs;
  return apart > WINDOW_NS || apart < -WINDOW_NS;
}

function forgetOldest(map: Map<string, unknown>, capacity: number): void {
  while (map.size > capacity) {
    const oldest = map.keys().next();
    if (oldest.done === true) return;
    map.delete(oldest.value);
  }
}

import type { TraceSummary } from "@telltale/model/api";

/** What the tail has brought: `shown` rows are in the list, `waiting` ones arrived while it was paused. Newest first. */
export interface TailState {
  shown: readonly TraceSummary[];
  waiting: readonly TraceSummary[];
}

export const emptyTail: TailState = { shown: [], waiting: [] };

/** A tail left open for a day must not grow for a day: the oldest rows go (they are in the store, a reload brings them). */
export const MAX_TAIL_ROWS = 1_000;

/** Takes a batch, oldest first as it arrived. A trace seen before is replaced where it stands: it grew, it is not new. */
export function receive(state: TailState, batch: readonly TraceSummary[], isPaused: boolean): TailState {
  let { shown, waiting } = state;
  const fresh: TraceSummary[] = [];
  const updates = new Map<string, TraceSummary>();
  const known = new Set([...shown, ...waiting].map((trace) => trace.trace_id));
  for (const trace of batch) {
    if (known.has(trace.trace_id)) updates.set(trace.trace_id, trace);
    else {
      known.add(trace.trace_id);
      fresh.unshift(trace);
    }
  }
  if (updates.size > 0) {
    const refresh = (trace: TraceSummary): TraceSummary => updates.get(trace.trace_id) ?? trace;
    shown = shown.map(refresh);
    waiting = waiting.map(refresh);
    for (let index = 0; index < fresh.length; index += 1) fresh[index] = refresh(fresh[index] as TraceSummary);
  }
  if (isPaused) return { shown, waiting: [...fresh, ...waiting].slice(0, MAX_TAIL_ROWS) };
  return { shown: [...fresh, ...waiting, ...shown].slice(0, MAX_TAIL_ROWS), waiting: [] };
}

/** Shows what waited. */
export function release(state: TailState): TailState {
  return { shown: [...state.waiting, ...state.shown].slice(0, MAX_TAIL_ROWS), waiting: [] };
}

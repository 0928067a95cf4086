import { TelltaleError } from "@telltale/model";
import type { Ingest } from "../pipeline/ingest.ts";

/** Refuses to receive while the disk is full. Commands still pass: deleting is how space comes back. */
export function refuseWhenFull(ingest: Ingest, isFull: () => boolean): Ingest {
  const check = (): void => {
    if (isFull()) throw new TelltaleError("disk_full", "The disk is full: nothing is received until space is free", { retryAfterS: 10 });
  };
  const mayKnow = ingest.mayKnow?.bind(ingest);
  return {
    traces: async (input) => {
      check();
      return ingest.traces(input);
    },
    logs: async (input) => {
      check();
      return ingest.logs(input);
    },
    metrics: async (input) => {
      check();
      return ingest.metrics(input);
    },
    tracesJson: async (input) => {
      check();
      return ingest.tracesJson(input);
    },
    apply: (commands) => ingest.apply(commands),
    readable: (traceIds) => ingest.readable(traceIds),
    onTraces: (listener) => ingest.onTraces(listener),
    ...(mayKnow === undefined ? {} : { mayKnow }),
  };
}

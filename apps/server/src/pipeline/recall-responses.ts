import type { ResponseIndex } from "@telltale/ingest";
import type { SpanKind } from "@telltale/model";
import { type Engine, recentResponses } from "@telltale/store";

const WINDOW_MS = 24 * 3_600_000;

/** After a start: fills the memory of responses with the newest that are stored, as it was before. */
export async function recallResponses(engine: Engine, responses: ResponseIndex, nowMs: number): Promise<void> {
  for (const { projectId, kind, serviceName, ...call } of await recentResponses(engine, nowMs - WINDOW_MS, responses.capacity)) {
    responses.offer(projectId, {
      ...call,
      kind: kind as SpanKind, // written by us from the same union
      parentSpanId: "",
      usageIsAggregate: false,
      hasMessages: true,
      serviceInstance: serviceName,
    });
  }
}

import { unpackRaw } from "@telltale/ingest";
import type { RawSpan, Trace } from "@telltale/model";
import type { StoredSpan } from "@telltale/store";
import type { MlflowDeps } from "./deps.ts";
import { withMlflowAttributes } from "./mlflow-attributes.ts";

/** Payloads of so many spans lie in memory at the same time. */
const CHUNK = 500;

/** All spans of a trace as they were sent, in start order, with what MLflow's readers look for filled in. */
export async function* spansOfTrace(deps: MlflowDeps, trace: Trace): AsyncGenerator<RawSpan> {
  const scope = { projectIds: [trace.projectId] };
  const spans = await deps.traces.spansOf(scope, trace.traceId);
  for (let at = 0; at < spans.length; at += CHUNK) {
    const chunk = spans.slice(at, at + CHUNK);
    const wanted = spans.length <= CHUNK ? undefined : chunk.map((span) => span.spanId);
    const payloads = new Map((await deps.traces.payloadsOf(scope, trace.traceId, wanted)).map((payload) => [payload.spanId, payload]));
    for (const span of chunk) {
      const payload = payloads.get(span.spanId);
      // Payloads may be kept for a shorter time than the spans themselves: then the span is shown without its content.
      const raw = payload === undefined ? bareSpan(span) : unpackRaw(payload.raw, span, payload.inputs, payload.outputs);
      yield withMlflowAttributes(raw, span, payload?.inputs ?? "", payload?.outputs ?? "");
    }
  }
}

function bareSpan(span: StoredSpan): RawSpan {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    traceState: "",
    flags: 0,
    name: span.name,
    otelKind: 1,
    startNs: span.startNs,
    endNs: span.endNs,
    attributes: new Map(),
    events: [],
    links: [],
    statusCode: span.status === "error" ? 2 : span.status === "ok" ? 1 : 0,
    statusMessage: span.statusMessage,
    resource: { attributes: new Map(), schemaUrl: "" },
    scope: { name: span.scopeName, version: span.scopeVersion, attributes: new Map() },
  };
}

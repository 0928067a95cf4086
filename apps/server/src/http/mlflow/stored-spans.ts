import { unpackRaw } from "@telltale/ingest";
import type { RawSpan, Trace } from "@telltale/model";
import type { StoredSpan } from "@telltale/store";
import { spansWithContent } from "../spans-with-content.ts";
import type { MlflowDeps } from "./deps.ts";
import { withMlflowAttributes } from "./mlflow-attributes.ts";

/** From here on rows are sorted as one: see `SpanChoice.isLarge`. */
const LARGE_FROM_SPANS = 2000;

/** All spans of a trace as they were sent, in start order, with what MLflow's readers look for filled in. */
export async function* spansOfTrace(deps: MlflowDeps, trace: Trace): AsyncGenerator<RawSpan> {
  const scope = { projectIds: [trace.projectId] };
  const all = await deps.traces.spansOf(scope, trace.traceId, undefined, { isLarge: trace.spanCount > LARGE_FROM_SPANS });
  for await (const { spans, payloads } of spansWithContent(deps.traces, scope, trace.traceId, all)) {
    for (const span of spans) {
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

import type { Span, SpanStatus } from "@telltale/model";
import { isSdkNative, type SettleSpan } from "../dedup/settle-span.ts";
import { previewOf } from "./preview.ts";

/** What deriving the trace row needs of a span; kept in memory while the trace moves. Strings are shared, content is not kept. */
export interface AssemblySpan extends SettleSpan {
  name: string;
  status: SpanStatus;
  statusMessage: string;
  provider: string;
  serviceName: string;
  cacheRead: number | undefined;
  cacheWrite: number | undefined;
  reasoning: number | undefined;
  costUsd: number | undefined;
  costUnknown: boolean;
  ttftMs: number | undefined;
  sessionId: string;
  userId: string;
  environment: string;
  appVersion: string;
  /** `name/version`, or `name`. */
  prompt: string;
  toolName: string;
  agentName: string;
  labels: readonly string[];
  metadata: ReadonlyMap<string, string>;
  traceTags: ReadonlyMap<string, string>;
  truncated: boolean;
  /** Only of spans that may be the root: the trace shows its root's. */
  inputPreview: string;
  outputPreview: string;
  /** What de-duplication decided; set before the trace is assembled. */
  counted: boolean;
}

const noStrings: readonly string[] = [];
const noMap: ReadonlyMap<string, string> = new Map();

/** Takes over what the trace row needs. Content is reduced to previews. */
export function toAssemblySpan(span: Span): AssemblySpan {
  // Agents and workflows too: the earliest of them stands in for a root that never arrives.
  const isTop = span.parentSpanId === "" || span.kind === "AGENT" || span.kind === "WORKFLOW";
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    kind: span.kind,
    scopeName: span.scopeName,
    serviceInstance: span.serviceName,
    startNs: span.startNs,
    endNs: span.endNs,
    model: span.responseModel === "" ? span.requestModel : span.responseModel,
    responseId: span.responseId,
    inputTokens: span.usage.input,
    outputTokens: span.usage.output,
    usageIsAggregate: span.usageIsAggregate,
    // By scope, so that the answer stays the same when the span is read back without its content.
    hasMessages: span.inputs !== "" || span.outputs !== "" || !isSdkNative(span.scopeName),
    attributeCount: span.attributes.size,
    name: span.name,
    status: span.status,
    statusMessage: span.statusMessage,
    provider: span.provider,
    serviceName: span.serviceName,
    cacheRead: span.usage.cacheRead,
    cacheWrite: span.usage.cacheWrite,
    reasoning: span.usage.reasoning,
    costUsd: span.cost.usd,
    costUnknown: span.cost.source === "unknown",
    ttftMs: span.ttftMs,
    sessionId: span.sessionId,
    userId: span.userId,
    environment: span.environment,
    appVersion: span.appVersion,
    prompt: span.promptName === "" ? "" : span.promptVersion === "" ? span.promptName : `${span.promptName}/${span.promptVersion}`,
    toolName: span.toolName === "" && span.kind === "TOOL" ? span.name : span.toolName,
    agentName: span.agentName === "" && span.kind === "AGENT" ? span.name : span.agentName,
    labels: span.labels.length > 0 ? span.labels : noStrings,
    metadata: span.metadata.size > 0 ? span.metadata : noMap,
    traceTags: span.traceTags.size > 0 ? span.traceTags : noMap,
    truncated: span.truncated,
    inputPreview: isTop ? previewOf(span.inputs, "input") : "",
    outputPreview: isTop ? previewOf(span.outputs, "output") : "",
    counted: span.counted,
  };
}

import type { Trace, TraceInfo, TraceStatus } from "@telltale/model";
import type { AssemblySpan } from "./assembly-span.ts";
import { traceContext } from "./trace-context.ts";
import { sumUsage } from "./usage-sums.ts";

const MAX_LIST = 64;
/** MLflow states times in whole milliseconds; within that the span's own nanoseconds are kept. */
const MLFLOW_ROUNDING_NS = 1_500_000n;

/**
 * Derives the whole row of a trace from all its spans and from what the client stated. The same spans give the same row
 * in whatever order they came. `updatedNs` = when it is written. n log n in spans.
 */
export function assembleTrace(projectId: string, traceId: string, spans: readonly AssemblySpan[], info: TraceInfo | undefined, updatedNs: bigint): Trace {
  const ordered = spans.toSorted(byStart);
  const root = rootOf(ordered);
  const hasEnded = root !== undefined && root.parentSpanId === "";
  const context = traceContext(ordered, root, info);
  const usage = sumUsage(ordered);
  const times = timesOf(ordered, info);
  const status = statusOf(root, hasEnded, info);
  const collect = (of: (span: AssemblySpan) => string): string[] => unique(ordered, of);
  return {
    projectId,
    traceId,
    name: context.tags.get("mlflow.traceName") || (root?.name ?? ""),
    status,
    statusMessage: status === "error" ? root?.statusMessage || firstError(ordered) : "",
    ...times,
    rootSpanId: root?.spanId ?? "",
    serviceName: root?.serviceName ?? "",
    clientRequestId: info?.clientRequestId ?? "",
    sessionId: context.sessionId,
    userId: context.userId,
    environment: context.environment,
    appVersion: context.appVersion,
    inputPreview: info?.requestPreview || (root?.inputPreview ?? ""),
    outputPreview: info?.responsePreview || (root?.outputPreview ?? ""),
    spanCount: ordered.length,
    errorCount: ordered.reduce((count, span) => count + (span.status === "error" ? 1 : 0), 0),
    ...usage,
    ttftMs: ordered.find((span) => span.kind === "LLM" && span.counted && span.ttftMs !== undefined)?.ttftMs,
    // The model that answered comes first, whatever was embedded before it.
    models: unique([...ordered.filter((span) => span.kind === "LLM"), ...ordered.filter((span) => span.kind === "EMBEDDING")], (span) => span.model),
    providers: collect((span) => (span.kind === "LLM" || span.kind === "EMBEDDING" ? span.provider : "")),
    tools: collect((span) => (span.kind === "TOOL" ? span.toolName : "")),
    failedTools: collect((span) => (span.kind === "TOOL" && span.status === "error" ? span.toolName : "")),
    agents: collect((span) => (span.kind === "AGENT" ? span.agentName : "")),
    services: collect((span) => span.serviceName),
    prompts: promptsOf(ordered, context.tags, info),
    runIds: [...new Set([...(info?.runIds ?? []), context.metadata.get("mlflow.sourceRun") ?? ""])].filter((id) => id !== ""),
    labels: [...new Set(ordered.flatMap((span) => span.labels))].slice(0, MAX_LIST),
    tags: context.tags,
    metadata: context.metadata,
    complete: (hasEnded || info?.state === "OK" || info?.state === "ERROR") && ordered.length >= promisedSpans(context.metadata),
    truncated: ordered.some((span) => span.truncated),
    updatedNs,
    info,
  };
}

/** The span without a parent; of several the first. Without one, the earliest whose parent is not here stands in for it. */
function rootOf(ordered: readonly AssemblySpan[]): AssemblySpan | undefined {
  const top = ordered.find((span) => span.parentSpanId === "");
  if (top) return top;
  const ids = new Set(ordered.map((span) => span.spanId));
  return ordered.find((span) => !ids.has(span.parentSpanId)) ?? ordered[0];
}

function statusOf(root: AssemblySpan | undefined, hasEnded: boolean, info: TraceInfo | undefined): TraceStatus {
  if (info?.state === "OK") return "ok";
  if (info?.state === "ERROR") return "error";
  if (info?.state === "IN_PROGRESS" || !hasEnded || !root) return "in_progress";
  // OTel leaves the status of what went well unset; a root that ended without an error is ok.
  return root.status === "error" ? "error" : "ok";
}

function timesOf(ordered: readonly AssemblySpan[], info: TraceInfo | undefined): { startNs: bigint; endNs: bigint; durationMs: number } {
  const first = ordered[0];
  let startNs = first?.startNs ?? 0n;
  let endNs = first?.endNs ?? 0n;
  for (const span of ordered) if (span.endNs > endNs) endNs = span.endNs;
  if (info?.requestTimeMs !== undefined) {
    const stated = BigInt(Math.round(info.requestTimeMs)) * 1_000_000n;
    if (!first || !isClose(stated, startNs)) startNs = stated;
  }
  if (info?.executionDurationMs !== undefined) {
    const stated = startNs + BigInt(Math.round(info.executionDurationMs * 1e6));
    if (!first || !isClose(stated, endNs)) endNs = stated;
  }
  if (endNs < startNs) endNs = startNs;
  return { startNs, endNs, durationMs: Number(endNs - startNs) / 1e6 };
}

function isClose(a: bigint, b: bigint): boolean {
  return (a > b ? a - b : b - a) <= MLFLOW_ROUNDING_NS;
}

/** `mlflow.trace.sizeStats` says how many spans the client sends; without it one is enough. */
function promisedSpans(metadata: ReadonlyMap<string, string>): number {
  try {
    const stats = JSON.parse(metadata.get("mlflow.trace.sizeStats") ?? "null") as { num_spans?: unknown } | null;
    return typeof stats?.num_spans === "number" ? stats.num_spans : 1;
  } catch {
    return 1;
  }
}

function promptsOf(ordered: readonly AssemblySpan[], tags: ReadonlyMap<string, string>, info: TraceInfo | undefined): string[] {
  const prompts = new Set([...(info?.prompts ?? []), ...linkedPrompts(tags.get("mlflow.linkedPrompts"))]);
  for (const span of ordered) if (span.prompt !== "") prompts.add(span.prompt);
  return [...prompts].slice(0, MAX_LIST);
}

function linkedPrompts(tag: string | undefined): string[] {
  try {
    const list = JSON.parse(tag ?? "[]") as unknown;
    if (!Array.isArray(list)) return [];
    return list.flatMap((item: { name?: unknown; version?: unknown } | null) =>
      typeof item?.name === "string" ? [`${item.name}/${String(item.version ?? "")}`] : [],
    );
  } catch {
    return [];
  }
}

function firstError(ordered: readonly AssemblySpan[]): string {
  return ordered.find((span) => span.status === "error" && span.statusMessage !== "")?.statusMessage ?? "";
}

function unique(ordered: readonly AssemblySpan[], of: (span: AssemblySpan) => string): string[] {
  const found = new Set<string>();
  for (const span of ordered) {
    const value = of(span);
    if (value !== "" && found.size < MAX_LIST) found.add(value);
  }
  return [...found];
}

function byStart(a: AssemblySpan, b: AssemblySpan): number {
  if (a.startNs !== b.startNs) return a.startNs < b.startNs ? -1 : 1;
  return a.spanId < b.spanId ? -1 : a.spanId > b.spanId ? 1 : 0;
}

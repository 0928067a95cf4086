import { readContent, spokenText, unpackRaw } from "@telltale/ingest";
import type { Assessment, SpanContent } from "@telltale/model";
import type { OfferedTool, Retrieval, ScoredTrace, ToolCall } from "@telltale/score";
import type { SpanToScore, TraceToScore } from "@telltale/store";

/** Content is cut to 64 KiB when it is read; all of it may be parsed. */
const MAX_PARSED = 256 * 1024;

/** What scorers see of a stored trace. `assessments` are those of the trace; its expectations are read from them. */
export function readScoredTrace({ trace, spans, truncated }: TraceToScore, assessments: readonly Assessment[]): ScoredTrace {
  const { inputs, outputs } = requestAndResponse(spans, trace.rootSpanId);
  return {
    projectId: trace.projectId,
    traceId: trace.traceId,
    name: trace.name,
    status: trace.status,
    sessionId: trace.sessionId,
    userId: trace.userId,
    startMs: Number(trace.startNs / 1_000_000n),
    durationMs: trace.durationMs,
    costUsd: trace.costUsd,
    inputs: parsed(inputs),
    outputs: parsed(outputs),
    request: spokenText(inputs, "input", MAX_PARSED) ?? inputs,
    response: spokenText(outputs, "output", MAX_PARSED) ?? outputs,
    expectations: expectationsIn(assessments),
    spans,
    truncated,
    ...contentOf(spans),
  };
}

/** Of the root; of the first and last model call when the root was recorded without content. */
function requestAndResponse(spans: readonly SpanToScore[], rootSpanId: string): { inputs: string; outputs: string } {
  const root = spans.find((span) => span.spanId === rootSpanId);
  const calls = spans.filter((span) => span.kind === "LLM");
  return {
    inputs: root?.inputs || (calls.find((span) => span.inputs !== "")?.inputs ?? ""),
    outputs: root?.outputs || (calls.findLast((span) => span.outputs !== "")?.outputs ?? ""),
  };
}

/** The newest of each name wins; overridden ones are not valid. */
function expectationsIn(assessments: readonly Assessment[]): Map<string, unknown> {
  const expectations = new Map<string, unknown>();
  for (const item of assessments.toSorted((a, b) => a.updatedMs - b.updatedMs)) {
    if (item.kind === "expectation" && item.valid && item.valueJson !== undefined) expectations.set(item.name, JSON.parse(item.valueJson));
  }
  return expectations;
}

function contentOf(spans: readonly SpanToScore[]): Pick<ScoredTrace, "retrievals" | "toolCalls" | "tools"> {
  const retrievals: Retrieval[] = [];
  const toolCalls: ToolCall[] = [];
  const tools = new Map<string, OfferedTool>();
  for (const span of spans) {
    if (span.kind === "TOOL") toolCalls.push(toolCallOf(span));
    if (span.kind !== "RETRIEVER" && span.kind !== "LLM") continue;
    const content = contentOfSpan(span);
    if (content === undefined) continue;
    for (const { name, description, schema } of content.toolDefinitions) tools.set(name, { name, description, parameters: schema });
    if (span.kind === "RETRIEVER") {
      const documents = content.documents.flatMap(({ id, content: text }) => (text === undefined || text === "" ? [] : [{ id, content: text }]));
      retrievals.push({ spanId: span.spanId, query: content.retrievalQuery, documents });
    }
  }
  return { retrievals, toolCalls, tools: [...tools.values()] };
}

function toolCallOf(span: SpanToScore): ToolCall {
  return {
    spanId: span.spanId,
    name: span.toolName === "" ? span.name : span.toolName,
    arguments: parsed(span.inputs),
    result: span.outputs,
    failed: span.status === "error",
  };
}

/** `undefined` when the content was too large to be read whole. */
function contentOfSpan(span: SpanToScore): SpanContent | undefined {
  if (span.raw === "") return undefined;
  return readContent(unpackRaw(span.raw, { traceId: span.traceId, spanId: span.spanId }, span.inputs, span.outputs));
}

/** `undefined` = none. */
function parsed(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

import type { SpanContent } from "@telltale/model";
import type { DiagnosedSpan, ScoredSpan, ScoredTrace, SpanText, TraceEvidence } from "@telltale/score";
import { spokenText } from "@telltale/ingest";
import { z } from "zod";

const Span = z.looseObject({
  span_id: z.string().optional(),
  parent_span_id: z.string().nullish(),
  name: z.string().default(""),
  /** TOOL, LLM, AGENT, RETRIEVER, … */
  kind: z.string().default("UNKNOWN"),
  start_ms: z.number().optional(),
  end_ms: z.number().optional(),
  status: z.string().default("ok"),
  error: z.string().nullish(),
  agent: z.string().nullish(),
  tool: z.string().nullish(),
  inputs: z.unknown().optional(),
  outputs: z.unknown().optional(),
  cost_usd: z.number().nullish(),
  /** `length` = cut off. */
  finish_reason: z.string().nullish(),
});

const Tool = z.looseObject({ name: z.string(), description: z.string().optional(), parameters: z.unknown().optional() });

/** One line of `telltale score`. */
export const ScoreLine = z.looseObject({
  id: z.unknown().optional(),
  inputs: z.unknown().optional(),
  outputs: z.unknown().optional(),
  /** Documents that were retrieved: a text, or a list of texts or `{content}`. */
  context: z.unknown().optional(),
  spans: z.array(Span).max(100_000).optional(),
  /** Tools that were offered, with the JSON schemas of their arguments. */
  tools: z.array(Tool).max(1_000).optional(),
  expectations: z.record(z.string(), z.unknown()).optional(),
});
export type ScoreLine = z.infer<typeof ScoreLine>;

const MAX_PARSED = 1024 * 1024;

/** The line as scorers see a trace. */
export function traceOf(line: ScoreLine): ScoredTrace {
  const [inputs, outputs] = [textOf(line.inputs), textOf(line.outputs)];
  const documents = (Array.isArray(line.context) ? line.context : line.context === undefined || line.context === null ? [] : [line.context]).map(
    (document: unknown) => ({
      id: undefined,
      content: typeof document === "object" && document !== null && "content" in document ? textOf(document.content) : textOf(document),
    }),
  );
  const spans = spansOf(line);
  return {
    projectId: "",
    traceId: "",
    name: "",
    status: "ok",
    sessionId: "",
    userId: "",
    startMs: 0,
    durationMs: 0,
    costUsd: undefined,
    inputs: line.inputs ?? undefined,
    outputs: line.outputs ?? undefined,
    request: spokenText(inputs, "input", MAX_PARSED) ?? inputs,
    response: spokenText(outputs, "output", MAX_PARSED) ?? outputs,
    expectations: new Map(Object.entries(line.expectations ?? {})),
    retrievals: documents.length === 0 ? [] : [{ spanId: "", query: "", documents }],
    toolCalls: spans
      .filter((span) => span.kind === "TOOL")
      .map((span) => ({
        spanId: span.spanId,
        name: span.toolName || span.name,
        arguments: parsed(span.inputs),
        result: span.outputs,
        failed: span.status === "error",
      })),
    tools: (line.tools ?? []).map(({ name, description, parameters }) => ({ name, description, parameters })),
    spans,
    truncated: false,
  };
}

function spansOf(line: ScoreLine): ScoredSpan[] {
  return (line.spans ?? []).map((span, index) => ({
    spanId: span.span_id ?? String(index + 1),
    parentSpanId: span.parent_span_id ?? "",
    name: span.name,
    kind: span.kind.toUpperCase(),
    status: isFailed(span) ? "error" : "ok",
    statusMessage: span.error ?? "",
    startMs: span.start_ms ?? index,
    durationMs: Math.max(0, (span.end_ms ?? span.start_ms ?? index) - (span.start_ms ?? index)),
    model: "",
    toolName: span.tool ?? "",
    agentName: span.agent ?? "",
    inputs: textOf(span.inputs),
    outputs: textOf(span.outputs),
    costUsd: span.cost_usd ?? undefined,
  }));
}

/** The line as diagnostics see a trace. */
export function evidenceOf(line: ScoreLine): TraceEvidence {
  const texts = new Map<string, SpanText>();
  const raw = line.spans ?? [];
  const spans = spansOf(line).map((span, index): DiagnosedSpan => {
    const given = raw[index];
    texts.set(span.spanId, { inputs: span.inputs, outputs: span.outputs, content: contentOf(line, span.kind, given?.inputs, given?.outputs) });
    const startNs = BigInt(Math.round(span.startMs * 1e6));
    return {
      spanId: span.spanId,
      parentSpanId: span.parentSpanId,
      name: span.name,
      kind: span.kind as DiagnosedSpan["kind"], // an unknown kind is one that no diagnostic looks at
      startNs,
      endNs: startNs + BigInt(Math.round(span.durationMs * 1e6)),
      status: span.status === "error" ? "error" : "ok",
      statusMessage: span.statusMessage,
      errorType: "",
      finishReasons: given?.finish_reason ? [given.finish_reason] : [],
      cost: { usd: span.costUsd, source: span.costUsd === undefined ? "unknown" : "reported", reportedUsd: span.costUsd, priceVersion: "" },
      duplicateOf: "",
      agentName: span.agentName,
      toolName: span.kind === "TOOL" ? span.toolName || span.name : "",
      toolCallId: "",
      truncated: false,
    };
  });
  return { spans: spans.toSorted((a, b) => (a.startNs < b.startNs ? -1 : a.startNs > b.startNs ? 1 : 0)), textOf: (spanId) => texts.get(spanId) };
}

function contentOf(line: ScoreLine, kind: string, inputs: unknown, outputs: unknown): SpanText["content"] {
  const tools = (line.tools ?? []).map(({ name, description, parameters }) => ({
    name,
    ...(description === undefined ? {} : { description }),
    schema: parameters,
  }));
  const said = (value: unknown, role: string): SpanContent["inputMessages"] =>
    value === undefined ? [] : [{ role, parts: [{ type: "text", content: textOf(value) }] }];
  return {
    inputMessages: kind === "LLM" ? said(inputs, "user") : [],
    outputMessages: kind === "LLM" ? said(outputs, "assistant") : [],
    toolDefinitions: kind === "LLM" ? tools : [],
    toolArguments: kind === "TOOL" ? (typeof inputs === "string" ? parsed(inputs) : inputs) : undefined,
    toolResult: kind === "TOOL" ? outputs : undefined,
  };
}

function isFailed(span: z.infer<typeof Span>): boolean {
  return span.status.toLowerCase() === "error" || typeof span.error === "string";
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

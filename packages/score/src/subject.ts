/** A tool as the application offered it to a model. */
export interface OfferedTool {
  name: string;
  description: string | undefined;
  /** JSON schema of its arguments, as sent. */
  parameters: unknown;
}

/** A tool that was called: one TOOL span, or a call in a model's answer that no span reports. */
export interface ToolCall {
  spanId: string;
  name: string;
  /** Parsed when it was JSON, else the text. */
  arguments: unknown;
  result: string;
  failed: boolean;
}

/** What one retrieval brought: the documents of one RETRIEVER span. */
export interface Retrieval {
  spanId: string;
  query: string;
  documents: { id: string | undefined; content: string }[];
}

export interface Said {
  role: string;
  text: string;
}

/** A span as scorers see it: content cut to a bound, `truncated` says so. */
export interface ScoredSpan {
  spanId: string;
  parentSpanId: string;
  name: string;
  kind: string;
  status: string;
  statusMessage: string;
  startMs: number;
  durationMs: number;
  model: string;
  toolName: string;
  agentName: string;
  inputs: string;
  outputs: string;
  costUsd: number | undefined;
}

/** A trace as scorers see it: plain data, read once for all scorers of the trace. */
export interface ScoredTrace {
  projectId: string;
  traceId: string;
  name: string;
  status: string;
  sessionId: string;
  userId: string;
  startMs: number;
  durationMs: number;
  costUsd: number | undefined;
  /** Request and response: parsed when they are JSON, else the text; `undefined` when the trace has none. */
  inputs: unknown;
  outputs: unknown;
  /** The same for people: the last user message and the answer. */
  request: string;
  response: string;
  /** What somebody stated as expected, by name (`expected_response`, `expected_facts`, `guidelines`, …). */
  expectations: ReadonlyMap<string, unknown>;
  retrievals: readonly Retrieval[];
  toolCalls: readonly ToolCall[];
  tools: readonly OfferedTool[];
  spans: readonly ScoredSpan[];
  /** Something was cut to stay within bounds. */
  truncated: boolean;
}

/** A conversation: its traces in order of their start. */
export interface ScoredSession {
  projectId: string;
  sessionId: string;
  turns: readonly ScoredTrace[];
}

/** What is scored. */
export type Subject = { level: "trace"; trace: ScoredTrace } | { level: "session"; session: ScoredSession };
export type Level = Subject["level"];

export type TraceStatus = "ok" | "error" | "unset" | "in_progress";

/** Sums over the counted model calls of a trace. `undefined` = no call reported it. */
export interface TraceTokens {
  input: number | undefined;
  output: number | undefined;
  total: number | undefined;
  cacheRead: number | undefined;
  cacheWrite: number | undefined;
  reasoning: number | undefined;
}

/** One row of the trace table: derived from the spans and from what MLflow's StartTraceV3 said (which overrules). */
export interface Trace {
  projectId: string;
  traceId: string;
  name: string;
  status: TraceStatus;
  statusMessage: string;
  startNs: bigint;
  endNs: bigint;
  durationMs: number;
  rootSpanId: string;
  serviceName: string;
  environment: string;
  appVersion: string;
  sessionId: string;
  userId: string;
  clientRequestId: string;
  inputPreview: string;
  outputPreview: string;
  spanCount: number;
  errorCount: number;
  llmCalls: number;
  /** Counted model calls with tokens whose price is unknown. */
  unpricedCalls: number;
  tokens: TraceTokens;
  costUsd: number | undefined;
  ttftMs: number | undefined;
  models: string[];
  providers: string[];
  tools: string[];
  failedTools: string[];
  agents: string[];
  services: string[];
  /** `name/version` of prompts used or linked. */
  prompts: string[];
  runIds: string[];
  labels: string[];
  tags: Map<string, string>;
  metadata: Map<string, string>;
  /** Root ended (or StartTraceV3 arrived) and all promised spans are here. */
  complete: boolean;
  truncated: boolean;
  /** Nanoseconds (Unix) when the last part of it was stored. */
  updatedNs: bigint;
  /** What StartTraceV3 and the tag routes said, kept apart so that the row can be rebuilt from spans. */
  info: TraceInfo | undefined;
}

/** Trace facts that a client states itself (MLflow StartTraceV3, V2 routes, native tag edits). */
export interface TraceInfo {
  /** As sent, `tr-…` or any other string (V2 clients, custom ids). */
  requestId: string;
  clientRequestId?: string;
  requestTimeMs?: number;
  executionDurationMs?: number;
  /** STATE_UNSPECIFIED | OK | ERROR | IN_PROGRESS */
  state?: string;
  requestPreview?: string;
  responsePreview?: string;
  metadata: Map<string, string>;
  tags: Map<string, string>;
  deletedTags: string[];
  runIds: string[];
  prompts: string[];
}

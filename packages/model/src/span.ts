export const spanKinds = [
  "LLM",
  "EMBEDDING",
  "RETRIEVER",
  "RERANKER",
  "TOOL",
  "AGENT",
  "CHAIN",
  "WORKFLOW",
  "GUARDRAIL",
  "EVALUATOR",
  "PARSER",
  "PROMPT",
  "MEMORY",
  "HTTP",
  "UNKNOWN",
] as const;
export type SpanKind = (typeof spanKinds)[number];

export type SpanStatus = "ok" | "error" | "unset";

/** Tokens of one model call; `undefined` = not reported (never 0). Input includes cache, output includes reasoning, cacheWrite includes cacheWrite1h. */
export interface Usage {
  input: number | undefined;
  output: number | undefined;
  cacheRead: number | undefined;
  cacheWrite: number | undefined;
  cacheWrite1h: number | undefined;
  reasoning: number | undefined;
  inputAudio: number | undefined;
  outputAudio: number | undefined;
  inputImage: number | undefined;
}

/** What a span costs. `usd` undefined with tokens > 0 means the price is unknown: shown as unknown, never as 0. */
export interface Cost {
  usd: number | undefined;
  source: "computed" | "reported" | "unknown" | "none";
  reportedUsd: number | undefined;
  priceVersion: string;
}

/** A span after normalisation: one row of the store. Strings are `""` when unknown; numbers are `undefined`. */
export interface Span {
  traceId: string;
  spanId: string;
  parentSpanId: string;
  name: string;
  kind: SpanKind;
  /** Which convention decided the kind, e.g. "openinference". */
  dialect: string;
  normVersion: number;
  scopeName: string;
  scopeVersion: string;
  serviceName: string;
  startNs: bigint;
  /** Never before startNs: clamped, with `clockSkew` set. */
  endNs: bigint;
  clockSkew: boolean;
  status: SpanStatus;
  statusMessage: string;
  errorType: string;
  httpStatus: number | undefined;
  provider: string;
  requestModel: string;
  responseModel: string;
  responseId: string;
  serviceTier: string;
  finishReasons: string[];
  /** Usage of a model call. On AGENT / WORKFLOW / wrapper spans it is an aggregate: see `usageIsAggregate`. */
  usage: Usage;
  usageIsAggregate: boolean;
  /** What did not add up in the reported tokens: bits, see `usageFlaws`. */
  usageFlaws: number;
  cost: Cost;
  ttftMs: number | undefined;
  stream: boolean | undefined;
  sessionId: string;
  userId: string;
  environment: string;
  appVersion: string;
  promptName: string;
  promptVersion: string;
  agentName: string;
  workflowName: string;
  toolName: string;
  toolCallId: string;
  /** Labels (string lists such as `tag.tags`) and metadata the span carries for its trace. */
  labels: string[];
  metadata: Map<string, string>;
  /** `mlflow.traceTag.<k>` and the like: become tags of the trace. */
  traceTags: Map<string, string>;
  /** Plumbing (event-loop cycles, model chunks, HTTP under a model call): collapsed by default. */
  noise: boolean;
  /** Scalar attributes, short enough to filter by: `span.attributes.<k>`. */
  attributes: Map<string, string>;
  /** Content as text: verbatim where one attribute holds it, else canonical messages as JSON. `""` = none. */
  inputs: string;
  outputs: string;
  /** Something was cut or moved to the blob store. */
  truncated: boolean;
  /** False when the same call is already counted on another span; see `duplicateOf`. Set by de-duplication. */
  counted: boolean;
  /** `traceId:spanId` of the span that counts instead. */
  duplicateOf: string;
}

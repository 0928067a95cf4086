import type { Assessment, Cost, TraceInfo } from "@telltale/model";

/** Where a request said its spans belong; the first that applies wins, then resource attributes, then `Default`. */
export interface ProjectHint {
  /** `x-mlflow-experiment-id`; must exist (else `project_not_found`). */
  experimentId?: string | undefined;
  /** `x-telltale-project`; created when unknown. */
  projectName?: string | undefined;
}

export interface ReceivedBody {
  /** Decompressed. */
  body: Buffer;
  format: "protobuf" | "json";
  project: ProjectHint;
  /** Path or gRPC method, for ingest health. */
  route: string;
  /** User agent, for ingest health. */
  client: string;
  /** MLflow's `x-mlflow-run-id`. */
  runId?: string | undefined;
}

export interface Received {
  accepted: number;
  rejected: number;
  /** Why items were rejected, one sentence; `""` when none were. */
  message: string;
}

/** A change other than OTLP, journalled like everything else and applied in order. */
export type Command =
  /** Merged into what is known of the trace: maps upsert, lists union, scalars replace. Creates the trace when unknown. */
  | { type: "trace_info"; projectId: string; traceId: string; info: TraceInfo }
  /** Insert or replace by assessment id. The caller has merged masks and flipped `valid` of overridden ones. */
  | { type: "assessment"; assessment: Assessment }
  | { type: "assessment_delete"; projectId: string; traceId: string; assessmentId: string }
  | { type: "traces_delete"; projectId: string; traceIds: string[] }
  /** New prices of stored model calls. A span that does not cost `was` any more was written since, at today's prices: it stays. */
  | { type: "reprice"; projectId: string; traceId: string; spans: Repriced[] };

export interface Repriced {
  spanId: string;
  was: Pick<Cost, "usd" | "source">;
  cost: Pick<Cost, "usd" | "source" | "priceVersion">;
}

/** The one way into the store. Every method resolves when the data is on disk (journal fsync); overload throws `overloaded`. */
export interface Ingest {
  traces(input: ReceivedBody): Promise<Received>;
  logs(input: ReceivedBody): Promise<Received>;
  metrics(input: ReceivedBody): Promise<Received>;
  /** MLflow's `traces.json` artifact (spans of one trace). */
  tracesJson(input: { body: Buffer; projectId: string; traceId: string; client: string }): Promise<Received>;
  apply(commands: readonly Command[]): Promise<void>;
  /**
   * Read-your-writes: resolves when everything acknowledged before the call (about these traces, or at all) is readable.
   * Gives up after two seconds and returns false: the caller then answers with what there is.
   */
  readable(traceIds?: readonly string[]): Promise<boolean>;
  /** False when this trace was never heard of (so that nobody need ask the store); true = perhaps. */
  mayKnow?(traceId: string): boolean;
  /** Subscribes to traces as they change (live tail). Returns unsubscribe. */
  onTraces(listener: (traces: readonly import("@telltale/model").Trace[]) => void): () => void;
}

import type { ProjectScope } from "@telltale/model";
import type { LabelSchemas, ProjectStore, ReviewItems, ReviewQueues, Scorers, TraceQuestions } from "@telltale/store";
import type { FastifyRequest } from "fastify";
import type { ArtifactStore } from "../../artifacts/artifact-store.ts";
import type { Ingest } from "../../pipeline/ingest.ts";
import type { InFlightBytes } from "../in-flight-bytes.ts";

export type ScorerStore = Pick<Scorers, "register" | "list" | "versions" | "find" | "findById" | "configure" | "remove">;

/** What the MLflow surface needs of the rest. */
export interface MlflowDeps {
  traces: TraceQuestions;
  projects: ProjectStore;
  ingest: Ingest;
  scorers: ScorerStore;
  labelSchemas: Pick<LabelSchemas, "list" | "find" | "create" | "change" | "remove">;
  reviewQueues: Pick<ReviewQueues, "list" | "find" | "create" | "change" | "remove">;
  reviewItems: Pick<ReviewItems, "counts" | "add" | "items" | "findItem" | "findItems" | "queuesWith" | "remove" | "reopen" | "end">;
  artifacts: ArtifactStore;
  inFlight: InFlightBytes;
  scopeOf: (request: FastifyRequest) => ProjectScope;
  /** Milliseconds since 1970. */
  now: () => number;
  /** 32 hex digits of randomness. */
  newHex: () => string;
}

import type { Readable } from "node:stream";
import type { RawLog } from "@telltale/model";
import type { ServerInfo } from "@telltale/model/api";
import type { Dashboards, ProjectStore, SessionQuestions, Slos, SpanPayload, SqlQuestion, SqlResult, TraceQuestions, Views } from "@telltale/store";
import type { SloCounter } from "@telltale/watch";
import type { ProblemLog } from "../../health/problem-log.ts";
import type { StoreHealth } from "../../health/store-health.ts";
import type { RunningBackup } from "../../backup/running-backup.ts";
import type { CostReader } from "../../cost/cost-reader.ts";
import type { Demo } from "../../demo/create-demo.ts";
import type { ArtifactStore } from "../../artifacts/artifact-store.ts";
import type { Eraser } from "../../erasure/eraser.ts";
import type { Ingest } from "../../pipeline/ingest.ts";
import type { PriceBook } from "../../prices/price-book.ts";
import type { Repricer } from "../../prices/repricer.ts";
import type { AnchorRouteDeps } from "./anchors.ts";
import type { AlignmentDeps } from "./alignment.ts";
import type { DiagnosticsDeps } from "./diagnostics.ts";
import type { ProviderDeps } from "./providers.ts";
import type { QualityDeps } from "./quality.ts";
import type { LabelSchemaDeps } from "./label-schemas.ts";
import type { ReviewDeps } from "./review/deps.ts";
import type { ScorerDeps } from "./scorers.ts";
import type { ReadSpan } from "./wire/span-detail.ts";

/** Content moved out of spans, by hash. */
export interface BlobReader {
  open(hash: string): Promise<StoredBlob | undefined>;
}

export interface StoredBlob {
  contentType: string;
  sizeBytes: number;
  stream(): Readable;
}

/** What the routes of the native API talk to; `wiring.ts` brings it. */
export interface NativeDeps
  extends
    Omit<ScorerDeps, "metadata" | "scoring">,
    Omit<AlignmentDeps, "metadata" | "scoring">,
    ProviderDeps,
    QualityDeps,
    DiagnosticsDeps,
    ReviewDeps,
    LabelSchemaDeps {
  metadata: ScorerDeps["metadata"] & AlignmentDeps["metadata"] & AnchorRouteDeps["metadata"];
  scoring: ScorerDeps["scoring"] & AlignmentDeps["scoring"] & AnchorRouteDeps["scoring"];
  ingest: Ingest;
  questions: TraceQuestions;
  sessions: SessionQuestions;
  /** Read-only SQL of users over the documented views. */
  sql: (question: SqlQuestion, signal?: AbortSignal) => Promise<SqlResult>;
  projects: ProjectStore;
  slos: Pick<Slos, "list" | "find" | "create" | "change" | "remove">;
  sloCounter: SloCounter;
  views: Pick<Views, "list" | "find" | "create" | "change" | "remove">;
  dashboards: Pick<Dashboards, "list" | "find" | "create" | "change" | "remove">;
  blobs: BlobReader;
  /** Reads what a stored span says: unpacks it and understands it by its convention. */
  readSpan: (ids: { traceId: string; spanId: string }, payload: SpanPayload, logs: readonly RawLog[]) => ReadSpan;
  problems: ProblemLog;
  storeHealth: () => Promise<StoreHealth>;
  serverInfo: () => ServerInfo;
  demo: Pick<Demo, "status" | "create" | "remove">;
  backup: Pick<RunningBackup, "start">;
  eraser: Pick<Eraser, "preview" | "start" | "find" | "list">;
  /** What clients stored as files beside their traces. */
  artifacts: Pick<ArtifactStore, "get" | "list">;
  prices: PriceBook;
  cost: Pick<CostReader, "summary" | "models" | "unpriced" | "identities" | "patterns">;
  repricer: Pick<Repricer, "start" | "find" | "list" | "cancel">;
  /** Folder of the users' pages (Markdown); `undefined` when the installation has none. */
  docsFolder: string | undefined;
  now: () => number;
}

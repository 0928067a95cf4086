import type { IngestHealth } from "@telltale/model/api";

/** What the pipeline and the engine say about themselves. */
export interface StoreHealth {
  journal: IngestHealth["journal"];
  engine: IngestHealth["engine"];
  disk: IngestHealth["disk"];
  /** Spans written to the store since the process started. */
  storedSpans: number;
  duplicates: number;
  lateSpans: number;
}

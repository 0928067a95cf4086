import type { IngestHealth } from "@telltale/model/api";
import { EmbeddedEngine, type Engine, type Journal } from "@telltale/store";
import type { RunningIngest } from "../pipeline/create-ingest.ts";
import type { DiskWatch } from "./disk-watch.ts";

/** What the pipeline and the engine say about themselves. */
export interface StoreHealth {
  journal: IngestHealth["journal"];
  engine: IngestHealth["engine"];
  disk: IngestHealth["disk"];
  /** Blocks of spans written to the store since the process started. */
  storedBlocks: number;
  duplicates: number;
  lateSpans: number;
}

export interface HealthSources {
  engine: Engine;
  journal: Journal;
  ingest: Pick<RunningIngest, "pending" | "stats">;
  disk: Pick<DiskWatch, "freeBytes" | "full">;
}

/** Reads the state of the parts; asks no query, so that it also answers while the engine does not. */
export async function storeHealthOf({ engine, journal, ingest, disk }: HealthSources): Promise<StoreHealth> {
  const pending = ingest.pending();
  const embedded = engine instanceof EmbeddedEngine ? engine : undefined;
  return {
    journal: {
      pending_records: pending.records,
      pending_bytes: pending.bytes,
      bytes_on_disk: await journal.bytesOnDisk(),
      oldest_pending_s: pending.oldestS,
      last_error: journal.lastError?.message ?? ingest.stats.lastError,
    },
    engine: { state: embedded?.state ?? "ready", restarts: embedded?.restarts ?? 0, rows: null, bytes_on_disk: null },
    disk: { free_bytes: disk.freeBytes, full: disk.full },
    storedBlocks: ingest.stats.blocks,
    duplicates: ingest.stats.duplicates,
    lateSpans: ingest.stats.lateSpans,
  };
}

import type { IngestHealth } from "@telltale/model/api";
import { EmbeddedEngine, storeSize, type Engine, type Journal } from "@telltale/store";
import type { RunningIngest } from "../pipeline/create-ingest.ts";
import type { DiskWatch } from "./disk-watch.ts";

/** What the pipeline and the engine say about themselves. */
export interface StoreHealth {
  journal: IngestHealth["journal"];
  engine: IngestHealth["engine"];
  disk: IngestHealth["disk"];
  /** Blocks of spans written to the store since the process started. */
  storedBlocks: number;
  /** Taken in through any door: OTLP, MLflow's artifacts, the demo. */
  taken: { spans: number; logs: number; metricPoints: number };
  duplicates: number;
  lateSpans: number;
}

export interface HealthSources {
  engine: Engine;
  journal: Journal;
  ingest: Pick<RunningIngest, "pending" | "stats">;
  disk: Pick<DiskWatch, "freeBytes" | "full">;
}

const SIZE_TTL_MS = 10_000;

/** Reads the state of the parts. The store's size is asked at most every ten seconds and never waited for. */
export function storeHealthReader({ engine, journal, ingest, disk }: HealthSources, now: () => number): () => Promise<StoreHealth> {
  const embedded = engine instanceof EmbeddedEngine ? engine : undefined;
  const size = rememberedSize(engine, now);
  return async () => {
    const pending = ingest.pending();
    return {
      journal: {
        pending_records: pending.records,
        pending_bytes: pending.bytes,
        bytes_on_disk: await journal.bytesOnDisk(),
        oldest_pending_s: pending.oldestS,
        last_error: journal.lastError?.message ?? ingest.stats.lastError,
      },
      engine: { state: embedded?.state ?? "ready", restarts: embedded?.restarts ?? 0, ...size() },
      disk: { free_bytes: disk.freeBytes, full: disk.full },
      storedBlocks: ingest.stats.blocks,
      taken: { spans: ingest.stats.spans, logs: ingest.stats.logs, metricPoints: ingest.stats.metricPoints },
      duplicates: ingest.stats.duplicates,
      lateSpans: ingest.stats.lateSpans,
    };
  };
}

type Size = { rows: number | null; bytes_on_disk: number | null };

/** The last known size; asking for it starts the next question. Unknown (null) until the first answer, and when the engine is away. */
function rememberedSize(engine: Engine, now: () => number): () => Size {
  let known: Size = { rows: null, bytes_on_disk: null };
  let askedMs = -SIZE_TTL_MS;
  const ask = async (): Promise<void> => {
    known = await storeSize(engine).then(
      ({ spans, bytesOnDisk }) => ({ rows: spans, bytes_on_disk: bytesOnDisk }),
      () => ({ rows: null, bytes_on_disk: null }), // restarting, or a ClickHouse user without rights on system.parts
    );
  };
  return () => {
    if (now() - askedMs >= SIZE_TTL_MS) {
      askedMs = now();
      void ask();
    }
    return known;
  };
}

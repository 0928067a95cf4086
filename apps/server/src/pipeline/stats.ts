/** Counters of the way in, since this process started. Read by ingest health and /metrics; nothing is dropped uncounted. */
export interface PipelineStats {
  spans: number;
  logs: number;
  metricPoints: number;
  commands: number;
  rejectedSpans: number;
  rejectedRequests: number;
  refusedOverload: number;
  duplicates: number;
  lateSpans: number;
  blocks: number;
  /** Blocks that the engine refused for good; their records lie in the quarantine folder. */
  quarantined: number;
  lastError: string | null;
}

export function newStats(): PipelineStats {
  return {
    spans: 0,
    logs: 0,
    metricPoints: 0,
    commands: 0,
    rejectedSpans: 0,
    rejectedRequests: 0,
    refusedOverload: 0,
    duplicates: 0,
    lateSpans: 0,
    blocks: 0,
    quarantined: 0,
    lastError: null,
  };
}

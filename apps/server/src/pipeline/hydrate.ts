import { toAssemblySpan, unpackLog } from "@telltale/ingest";
import type { ProjectScope, Trace } from "@telltale/model";
import { type Engine, type StoredBuckets, type StoredSpan, type TraceQuestions, storedBuckets, storedKey, storedTraces } from "@telltale/store";
import { type LiveTrace, type LiveTraces, newLiveTrace } from "./live-traces.ts";
import type { SeenTraces } from "./seen-traces.ts";

const everything: ProjectScope = { projectIds: "all" };

/**
 * Reads back what the store knows of traces that are about to change and are not in memory: late spans, tags set days
 * later, a restart. After it the trace can be derived as if all of it had just arrived.
 */
export async function hydrate(
  deps: { engine: Engine; questions: TraceQuestions; live: LiveTraces; seen: SeenTraces },
  wanted: Iterable<{ projectId: string; traceId: string }>,
  nowMs: number,
): Promise<void> {
  const missing = new Map<string, Set<string>>();
  for (const { projectId, traceId } of wanted) {
    if (deps.live.get(projectId, traceId) || !deps.seen.mayContain(traceId)) continue;
    missing.set(traceId, (missing.get(traceId) ?? new Set()).add(projectId));
  }
  if (missing.size === 0) return;
  const stored = (await storedBuckets(deps.engine, [...missing.keys()])).filter((row) => missing.get(row.traceId)?.has(row.projectId));
  if (stored.length === 0) return;
  const rows = await deps.questions.findTraces(
    everything,
    stored.map((row) => row.traceId),
  );
  const known = new Map(rows.map((trace) => [storedKey(trace), trace]));
  const wanting = stored.flatMap((where) => {
    const row = known.get(storedKey(where));
    return row ? [{ ...where, row, spanCount: row.spanCount }] : [];
  });
  const read = await storedTraces(deps.engine, wanting, unpackLog);
  for (const where of wanting) {
    const { spans, logs } = read.get(storedKey(where)) ?? { spans: [], logs: [] };
    const live = revive(where, where.row, spans, nowMs);
    for (const log of logs) live.logs.set(log.spanId, [...(live.logs.get(log.spanId) ?? []), log]);
    live.logCount = logs.length;
    deps.live.add(live);
  }
}

function revive(where: StoredBuckets, row: Trace, spans: readonly StoredSpan[], nowMs: number): LiveTrace {
  const live = newLiveTrace(where.projectId, where.traceId);
  live.info = row.info;
  live.spansBucket = where.spansBucket;
  live.rowBucket = where.bucket;
  live.touchedMs = Number(row.updatedNs / 1_000_000n);
  live.assembledMs = nowMs;
  // Stored as ended although its root never came: that stays so until another span comes.
  live.timedOut = row.status !== "in_progress";
  for (const span of spans) {
    const assembly = toAssemblySpan({ ...span, inputs: "", outputs: "" });
    if (span.spanId === row.rootSpanId) {
      assembly.inputPreview = row.inputPreview;
      assembly.outputPreview = row.outputPreview;
    }
    live.spans.set(span.spanId, assembly);
    if (span.counted) continue;
    live.decisions.set(span.spanId, { counted: false, duplicateOf: span.duplicateOf });
    if (!span.duplicateOf.startsWith(`${where.traceId}:`)) live.crossTrace.set(span.spanId, span.duplicateOf);
  }
  return live;
}

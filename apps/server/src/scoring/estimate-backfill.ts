import type { Filter } from "@telltale/model/filter";
import { isSampled, levelOf, readSerializedScorer } from "@telltale/score";
import { countSessions, type Engine, matchingTraces, type Metadata, type StoredScorer, type TraceQuestions } from "@telltale/store";
import { eligibleFilter } from "./eligible.ts";

export interface EstimateDeps {
  engine: Engine;
  metadata: Pick<Metadata, "scoreReports">;
  questions: Pick<TraceQuestions, "countTraces">;
}

export interface BackfillWindow {
  fromNs: bigint;
  toNs: bigint;
  filter: string | undefined;
  rate: number;
}

export interface BackfillEstimate {
  /** Traces, or conversations, of the window that match. */
  matching: number;
  /** The count was cut short by its limits: at least so many. */
  isPartial: boolean;
  /** Those of them that the rate picks and that have no task of this version yet. */
  toScore: number;
}

/** Tasks that are looked at one by one; of more, a draw stands for all. */
const MAX_LOOKED_AT = 5_000;

/**
 * What a backfill would add. What was drawn at a rate is exact in expectation (rate × count); what already has a task is
 * looked up, since backfills leave it alone: a task counts against the estimate when the rate picks it and the filter matches it.
 */
export async function estimateBackfill(deps: EstimateDeps, scorer: StoredScorer, window: BackfillWindow, signal: AbortSignal): Promise<BackfillEstimate> {
  const { fromNs, toNs, rate } = window;
  const filter = eligibleFilter(scorer.filter, window.filter);
  const isOfTraces = levelOf(readSerializedScorer(scorer.serialized)) === "trace";
  const query = { scope: { projectIds: [scorer.projectId] }, filter, limit: 1, fromNs, toNs };
  const [{ count, partial }, taken] = await Promise.all([
    isOfTraces
      ? deps.questions.countTraces(query, signal)
      : countSessions(deps.engine, query, signal).then((sessions) => ({ count: sessions, partial: false })),
    deps.metadata.scoreReports.drawTaken(scorer, Number(fromNs / 1_000_000n), Number(toNs / 1_000_000n), MAX_LOOKED_AT),
  ]);
  const picked = taken.drawn.filter((entityId) => isSampled(entityId, rate));
  const alike = isOfTraces ? await countMatching(deps.engine, scorer.projectId, picked, filter) : picked.length;
  const already = taken.drawn.length === 0 ? 0 : (taken.count * alike) / taken.drawn.length;
  return { matching: count, isPartial: partial, toScore: Math.max(0, Math.round(count * rate - already)) };
}

async function countMatching(engine: Engine, projectId: string, traceIds: readonly string[], filter: Filter): Promise<number> {
  return (await matchingTraces(engine, projectId, traceIds, filter)).size;
}

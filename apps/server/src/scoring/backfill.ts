import { isSampled, levelOf, readSerializedScorer } from "@telltale/score";
import type { Backfill, Metadata, NewTask, TraceQuestions } from "@telltale/store";
import { eligibleFilter } from "./eligible.ts";

export interface BackfillDeps {
  metadata: Pick<Metadata, "scorers" | "scoreOutbox">;
  questions: TraceQuestions;
}

const PAGE = 500;

/** Moves every running backfill on by one page. Returns how many still run. */
export async function advanceBackfills(deps: BackfillDeps): Promise<number> {
  const running = await deps.metadata.scoreOutbox.backfills("running");
  for (const backfill of running) await nextPage(deps, backfill);
  return running.length;
}

async function nextPage({ metadata, questions }: BackfillDeps, backfill: Backfill): Promise<void> {
  const scorer = await metadata.scorers.findById(backfill.scorerId, backfill.version);
  if (scorer === undefined) return; // deleted: its backfills went with it, or this version has nothing left to do
  const level = levelOf(readSerializedScorer(scorer.serialized));
  const page = await questions.searchTraces({
    scope: { projectIds: [scorer.projectId] },
    filter: eligibleFilter(scorer.filter, backfill.filter),
    limit: PAGE,
    cursor: backfill.cursor,
    fromNs: backfill.fromNs,
    toNs: backfill.toNs,
  });
  const beganMs = new Map<string, number>();
  for (const trace of page.traces) {
    const entityId = level === "trace" ? trace.traceId : trace.sessionId;
    beganMs.set(entityId, Math.max(beganMs.get(entityId) ?? 0, Number(trace.startNs / 1_000_000n)));
  }
  const tasks = [...beganMs].flatMap(([entityId, began]): NewTask[] =>
    entityId !== "" && isSampled(entityId, backfill.rate)
      ? [{ scorerId: scorer.id, version: backfill.version, level, entityId, probability: backfill.rate, beganMs: began }]
      : [],
  );
  await metadata.scoreOutbox.addPage(backfill, tasks, page.traces.length, page.nextCursor);
}

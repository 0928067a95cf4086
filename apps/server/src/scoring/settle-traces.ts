import { TelltaleError } from "@telltale/model";
import { parseFilter } from "@telltale/model/filter";
import { chooseTasks, levelOf, rateWithinBudget, readSerializedScorer, type RunningScorer, startOfDay, whyNotRunnable } from "@telltale/score";
import { type Engine, matchingTraces, type Metadata, settledTraces } from "@telltale/store";

/** A trace is settled when nothing of it was written for so long. */
export const QUIET_MS = 10_000;

export interface SettleDeps {
  engine: Engine;
  metadata: Pick<Metadata, "scorers" | "scoreOutbox" | "scoreReports">;
  /** Every version up to this one (nanoseconds) can be read; what is being written now is newer. */
  storedUpToNs: () => bigint;
  now: () => number;
  log: (message: string, fields: Record<string, unknown>) => void;
}

/**
 * Moves settlement on to what has been quiet for ten seconds: writes one row to the outbox for each scorer version and
 * trace that shall be scored, together with the new position. Returns how many rows. After a crash it goes on where it was.
 */
export async function settleTraces(deps: SettleDeps): Promise<number> {
  const quietNs = BigInt(deps.now() - QUIET_MS) * 1_000_000n;
  const stored = deps.storedUpToNs();
  const upTo = quietNs < stored ? quietNs : stored;
  const scorers = await runningScorers(deps);
  let added = 0;
  for (let isDone = false; !isDone;) {
    // An installation that never scored begins now: what lies before is for backfills.
    added += await deps.metadata.scoreOutbox.settle(upTo, async (position) => {
      if (position >= upTo) {
        isDone = true;
        return { position, traces: [], sessions: [] };
      }
      // Nobody asks for scores: what is settled need not be read.
      const settled = scorers.length === 0 ? { traces: [], positionNs: upTo } : await settledTraces(deps.engine, position, upTo);
      isDone = settled.positionNs >= upTo;
      const chosen = await chooseTasks(settled.traces, scorers, (projectId, traceIds, filter) => matching(deps, projectId, traceIds, filter));
      return { position: settled.positionNs, ...chosen };
    });
  }
  return added;
}

/** Scorers that run, with the share that their budgets leave them. */
async function runningScorers({ metadata, now }: SettleDeps): Promise<RunningScorer[]> {
  // What cannot run here says so where scorers are listed: a failure on every trace would say it again and again.
  const active = (await metadata.scorers.active()).filter(({ serialized }) => whyNotRunnable(readSerializedScorer(serialized)) === undefined);
  if (active.length === 0) return [];
  const shadows = await metadata.scorers.shadows();
  const limited = active.flatMap(({ id, dailyBudgetUsd }) => (dailyBudgetUsd === undefined ? [] : [id]));
  const spent = limited.length === 0 ? new Map<string, number>() : await metadata.scoreReports.spentSince(startOfDay(now()), limited);
  // A version in the shadow sees the same traces as the live one, and shares its budget.
  return [...active, ...shadows].map((scorer) => ({
    id: scorer.id,
    version: scorer.version,
    projectId: scorer.projectId,
    level: levelOf(readSerializedScorer(scorer.serialized)),
    rate: rateWithinBudget(scorer.sampleRate, scorer.dailyBudgetUsd, spent.get(scorer.id) ?? 0, now()),
    filter: scorer.filter,
  }));
}

async function matching({ engine, log }: SettleDeps, projectId: string, traceIds: readonly string[], filter: string): Promise<ReadonlySet<string>> {
  try {
    const parsed = parseFilter(filter);
    return parsed === undefined ? new Set(traceIds) : await matchingTraces(engine, projectId, traceIds, parsed);
  } catch (error) {
    // Checked when the scorer was started; a filter that a newer version no longer understands matches nothing, and says so.
    if (!(error instanceof TelltaleError) || error.code !== "filter_invalid") throw error;
    log("the filter of a scorer is not understood; it matches no trace", { filter, error: error.message });
    return new Set();
  }
}

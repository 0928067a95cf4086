import { isSampled } from "../sampling.ts";
import type { Level } from "../subject.ts";

/** A settled trace, as far as choosing looks at it. */
export interface Candidate {
  projectId: string;
  traceId: string;
  sessionId: string;
  startMs: number;
  endMs: number;
  isComplete: boolean;
  isEvaluation: boolean;
}

/** A scorer that runs. */
export interface RunningScorer {
  id: string;
  version: number;
  projectId: string;
  level: Level;
  /** Share of the traffic, after budgets. */
  rate: number;
  filter: string | undefined;
}

export interface Chosen {
  scorerId: string;
  version: number;
  level: Level;
  entityId: string;
  probability: number;
  /** When the trace began; of a session its newest turn of these. */
  beganMs: number;
}

/** A session is scored when nothing was said for so long. */
export const SESSION_IDLE_MS = 300_000;

/**
 * Which pairs shall be scored: complete traces that no evaluation made, sampled by their own point (sessions by theirs) and
 * matched by the scorer's filter. Sampling comes first: a filter is asked only about what was sampled.
 */
export async function chooseTasks(
  candidates: readonly Candidate[],
  scorers: readonly RunningScorer[],
  matching: (projectId: string, traceIds: readonly string[], filter: string) => Promise<ReadonlySet<string>>,
): Promise<{ traces: Chosen[]; sessions: (Chosen & { dueMs: number })[] }> {
  const eligible = candidates.filter((trace) => trace.isComplete && !trace.isEvaluation);
  const traces: Chosen[] = [];
  const sessions = new Map<string, Chosen & { dueMs: number }>();
  for (const scorer of scorers) {
    const entityOf = (trace: Candidate): string => (scorer.level === "trace" ? trace.traceId : trace.sessionId);
    const sampled = eligible.filter((trace) => trace.projectId === scorer.projectId && entityOf(trace) !== "" && isSampled(entityOf(trace), scorer.rate));
    if (sampled.length === 0) continue;
    const matches =
      scorer.filter === undefined
        ? undefined
        : await matching(
            scorer.projectId,
            sampled.map((trace) => trace.traceId),
            scorer.filter,
          );
    for (const trace of sampled) {
      if (matches?.has(trace.traceId) === false) continue;
      const { id: scorerId, version, level, rate: probability } = scorer;
      const chosen: Chosen = { scorerId, version, level, entityId: entityOf(trace), probability, beganMs: trace.startMs };
      if (scorer.level === "trace") traces.push(chosen);
      else keepLatest(sessions, `${scorer.id}/${scorer.version}/${chosen.entityId}`, { ...chosen, dueMs: trace.endMs + SESSION_IDLE_MS });
    }
  }
  return { traces, sessions: [...sessions.values()] };
}

function keepLatest(sessions: Map<string, Chosen & { dueMs: number }>, key: string, next: Chosen & { dueMs: number }): void {
  const before = sessions.get(key);
  sessions.set(key, before === undefined ? next : { ...next, dueMs: Math.max(before.dueMs, next.dueMs), beganMs: Math.max(before.beganMs, next.beganMs) });
}

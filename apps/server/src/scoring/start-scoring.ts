import type { Assessment } from "@telltale/model";
import type { ScorerTryResult } from "@telltale/model/api";
import {
  type Judge,
  levelOf,
  outcomeOf,
  readSerializedScorer,
  type JudgeMemory,
  type ModelClient,
  runAligned,
  type RunCode,
  type ScoreOutcome,
  scoreName,
  ScoreRunner,
} from "@telltale/score";
import { assessmentsById, type Engine, type Metadata, type StoredScorer, type TraceQuestions } from "@telltale/store";
import type { Ingest } from "../pipeline/ingest.ts";
import { advanceBackfills } from "./backfill.ts";
import { diagnoseTraces } from "./diagnose-traces.ts";
import { type BackfillEstimate, type BackfillWindow, estimateBackfill } from "./estimate-backfill.ts";
import { AnchorKeeper } from "./anchor-keeper.ts";
import { Aligner } from "./aligner.ts";
import { readSession, readTraces } from "./read-subjects.ts";
import { RunnableScorers } from "./runnable-scorer.ts";
import { settleTraces } from "./settle-traces.ts";

export interface ScoringDeps {
  engine: Engine;
  metadata: Metadata;
  questions: TraceQuestions;
  ingest: Ingest;
  storedUpToNs: () => bigint;
  /** The writer is behind: what is only nice to have waits. */
  isBusy: () => boolean;
  judge: Judge;
  /** The same model's way, for what a judge's model shall write besides verdicts. */
  client: ModelClient;
  runCode: RunCode;
  now: () => number;
  log: (message: string, fields: Record<string, unknown>) => void;
}

/** A scorer that is stored, or would be. */
export interface TriedScorer {
  name: string;
  serialized: string;
  memory: JudgeMemory | undefined;
}

export interface Scoring {
  aligner: Aligner;
  anchors: Pick<AnchorKeeper, "freeze">;
  /** Runs a scorer on stored traces, one result each, and keeps nothing but the judge's own trace. */
  tryOn(scorer: TriedScorer, projectId: string, traceIds: readonly string[], signal: AbortSignal): Promise<ScorerTryResult["data"]>;
  /** What a backfill would add. Throws `filter_invalid`. */
  estimateBackfill(scorer: StoredScorer, window: BackfillWindow, signal: AbortSignal): Promise<BackfillEstimate>;
  stop(): Promise<void>;
}

const SETTLE_EVERY_MS = 2_000;
/** A page of 500 traces each time: new traffic comes first. */
const BACKFILL_EVERY_MS = 1_000;
/** How soon somebody who asks for a run now gets it. */
const ANCHORS_EVERY_MS = 3_000;
const PRUNE_EVERY_MS = 3_600_000;
/** Ended tasks are kept this long: health looks back a month. */
const KEEP_TASKS_MS = 35 * 24 * 3_600_000;
const PRUNE_AT_ONCE = 50_000;

/** Online scoring in the background: settles traces, works the outbox, forgets what ended long ago. */
export function startScoring(deps: ScoringDeps): Scoring {
  const runnable = new RunnableScorers(deps);
  const aligner = new Aligner(deps);
  const anchors = new AnchorKeeper(deps, runnable);
  void aligner.resume().catch((error: unknown) => deps.log("alignments could not be resumed", { error: String(error) }));
  const runner = new ScoreRunner({
    outbox: deps.metadata.scoreWork,
    scorerOf: (id, version) => runnable.find(id, version),
    tracesOf: (projectId, traceIds) => readTraces(deps, projectId, traceIds),
    sessionOf: (projectId, sessionId) => readSession(deps, projectId, sessionId),
    write: (assessments, superseded) => write(deps, assessments, superseded),
    pause: async (scorerId, reason) => void (await deps.metadata.scorers.configure(scorerId, { paused: reason })),
    now: deps.now,
    random: Math.random,
    log: deps.log,
  });
  void reclaim(deps).finally(() => runner.start());
  const settling = every(SETTLE_EVERY_MS, deps, "settlement", async () => {
    if ((await settleTraces(deps)) > 0) runner.wake();
  });
  const backfilling = every(BACKFILL_EVERY_MS, deps, "backfill", async () => {
    if ((await advanceBackfills(deps)) > 0) runner.wake();
  });
  const diagnosing = every(SETTLE_EVERY_MS, deps, "diagnosis", async (signal) => {
    while ((await diagnoseTraces(deps, signal)) > 0);
  });
  const anchoring = every(ANCHORS_EVERY_MS, deps, "re-scoring of anchors", (signal) => anchors.runDue(signal));
  const pruning = every(PRUNE_EVERY_MS, deps, "forgetting old tasks", async () => {
    while ((await deps.metadata.scoreReports.prune(deps.now() - KEEP_TASKS_MS, PRUNE_AT_ONCE)) === PRUNE_AT_ONCE);
  });
  return {
    aligner,
    anchors,
    tryOn: (scorer, projectId, traceIds, signal) => tryScorer(deps, { ...scorer, projectId, traceIds }, signal),
    estimateBackfill: (scorer, window, signal) => estimateBackfill(deps, scorer, window, signal),
    async stop() {
      await Promise.all([aligner.stop(), anchoring.stop(), settling.stop(), diagnosing.stop(), backfilling.stop(), pruning.stop()]);
      await runner.stop();
    },
  };
}

/** The embedded database is this process's alone: what it says is running ran in one that ended, and need not wait for its lease. */
async function reclaim({ metadata, log }: ScoringDeps): Promise<void> {
  if (metadata.embedded === undefined) return;
  await metadata.scoreWork
    .release()
    .catch((error: unknown) => log("tasks of the process before not reclaimed; they run again when their lease ends", { error: String(error) }));
}

/** Runs `work` again and again with a pause between; never twice at once. An error is logged and the next round tries again. */
function every(ms: number, { log }: ScoringDeps, name: string, work: (signal: AbortSignal) => Promise<void>): { stop(): Promise<void> } {
  const abort = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  const round = (): void => {
    running = work(abort.signal)
      .catch((error: unknown) => abort.signal.aborted || log(`${name} failed; tried again`, { error: String(error) }))
      .then(() => {
        if (!abort.signal.aborted) timer = setTimeout(round, ms);
      });
  };
  timer = setTimeout(round, ms);
  return {
    async stop() {
      abort.abort();
      clearTimeout(timer);
      await running;
    },
  };
}

async function tryScorer(
  deps: ScoringDeps,
  { name, serialized, memory, projectId, traceIds }: TriedScorer & { projectId: string; traceIds: readonly string[] },
  signal: AbortSignal,
): Promise<ScorerTryResult["data"]> {
  const definition = readSerializedScorer(serialized);
  const traces = await readTraces(deps, projectId, traceIds);
  return Promise.all(
    traceIds.map(async (traceId) => {
      const startedMs = deps.now();
      const trace = traces.get(traceId);
      const session = trace === undefined || levelOf(definition) === "trace" ? undefined : await readSession(deps, projectId, trace.sessionId);
      const outcome: ScoreOutcome =
        trace === undefined || (levelOf(definition) === "session" && session === undefined)
          ? { kind: "skipped", reason: trace === undefined ? "deleted" : "nothing_to_judge" }
          : await outcomeOf(
              (subject, until) => runAligned(definition, memory, subject, { judge: deps.judge, runCode: deps.runCode, signal: until }),
              session ? { level: "session", session } : { level: "trace", trace },
              signal,
            );
      return {
        trace_id: traceId,
        outcome: outcome.kind,
        reason: outcome.kind === "failed" ? `${outcome.code}: ${outcome.message}` : outcome.kind === "skipped" ? outcome.reason : null,
        scores:
          outcome.kind === "scored"
            ? outcome.scores.map((score) => ({
                name: scoreName(name, score),
                value: score.value,
                rationale: score.rationale ?? null,
                span_id: score.spanId ?? null,
              }))
            : [],
        duration_ms: deps.now() - startedMs,
        cost_usd: (outcome.kind === "skipped" ? undefined : outcome.usage?.costUsd) ?? null,
      };
    }),
  );
}

/** Scores of an earlier state of a session stay, marked as no longer valid. */
async function write({ engine, ingest, now }: ScoringDeps, assessments: readonly Assessment[], superseded: readonly string[]): Promise<void> {
  const projectIds = [...new Set(assessments.map((assessment) => assessment.projectId))];
  const before = superseded.length === 0 ? [] : await assessmentsById(engine, { projectIds }, superseded);
  const outdated = before.filter((item) => item.valid).map((item) => ({ ...item, valid: false, updatedMs: now() }));
  await ingest.apply([...assessments, ...outdated].map((assessment) => ({ type: "assessment", assessment })));
}

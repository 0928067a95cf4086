import type { Assessment } from "@telltale/model";
import type { ScoreOutcome } from "../outcome.ts";
import type { ScoredSession, ScoredTrace, Subject } from "../subject.ts";
import type { ScoreIdentity } from "./assessments.ts";
import type { DayBudget } from "./budget.ts";

/** A task of the outbox that this worker holds. */
export interface RunnerTask {
  id: number;
  scorerId: string;
  version: number;
  projectId: string;
  level: "trace" | "session";
  entityId: string;
  generation: number;
  probability: number;
  /** Counts its claims. Whoever lost the lease holds an older number, and changes nothing any more. */
  attempts: number;
  settledMs: number;
  /** Its scores are kept and compared, and count nowhere. */
  shadow: boolean;
}

/** Which claim of a task. */
export type Held = Pick<RunnerTask, "id" | "attempts">;

export interface TaskEnd extends Held {
  state: "scored" | "skipped" | "failed";
  reason: string | undefined;
  /** Added to what earlier attempts cost. */
  costUsd: number | undefined;
}

export interface TaskWait extends Held {
  dueMs: number;
  reason: string;
  costUsd: number | undefined;
}

/** A scorer in the version of the task, ready to run. */
export interface RunnableScorer {
  name: string;
  serialized: string;
  sourceType: ScoreIdentity["sourceType"];
  sourceId: string;
  /** Judges cost money: they stop at the day's budget. `undefined` = no limit. */
  budget: DayBudget | undefined;
  run: (subject: Subject, signal: AbortSignal) => Promise<ScoreOutcome>;
}

export interface RunnerDeps {
  outbox: {
    /** Tasks of other scorers than `exceptScorers`. */
    claim(limit: number, leaseMs: number, exceptScorers: readonly string[]): Promise<RunnerTask[]>;
    renew(held: readonly Held[], leaseMs: number): Promise<void>;
    /** All of them or, when it rejects, none. */
    finish(ends: readonly TaskEnd[]): Promise<void>;
    postpone(waits: readonly TaskWait[]): Promise<void>;
  };
  /** `undefined` = it was deleted meanwhile. */
  scorerOf: (scorerId: string, version: number) => Promise<RunnableScorer | undefined>;
  tracesOf: (projectId: string, traceIds: readonly string[]) => Promise<ReadonlyMap<string, ScoredTrace>>;
  sessionOf: (projectId: string, sessionId: string) => Promise<ScoredSession | undefined>;
  /** Durable when it resolves, of any number of projects. Assessments of an earlier state of growth become invalid with it. */
  write: (assessments: readonly Assessment[], superseded: readonly string[]) => Promise<void>;
  /** The scorer cannot work until somebody has looked; everybody who looks at it sees why. */
  pause: (scorerId: string, reason: string) => Promise<void>;
  now: () => number;
  random: () => number;
  log: (message: string, fields: Record<string, unknown>) => void;
}

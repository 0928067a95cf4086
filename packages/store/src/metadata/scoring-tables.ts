import type { ColumnType, Generated } from "kysely";
import type { AlignmentTables } from "./alignment-tables.ts";

/** Tables of scorers, providers and the outbox of online scoring. */
export interface ScoringTables extends AlignmentTables {
  scorers: ScorersTable;
  scorer_versions: ScorerVersionsTable;
  score_tasks: ScoreTasksTable;
  providers: ProvidersTable;
  score_backfills: ScoreBackfillsTable;
  agent_steps: AgentStepsTable;
  review_queues: ReviewQueuesTable;
  review_items: ReviewItemsTable;
  label_schemas: LabelSchemasTable;
}

export interface ScorersTable {
  id: string;
  project_id: number;
  name: string;
  sample_rate: Generated<number>;
  filter: Generated<string | null>;
  config_id: Generated<string | null>;
  daily_budget_usd: Generated<number | null>;
  /** Why it stands still. */
  paused: Generated<string | null>;
  created_ms: number;
  updated_ms: number;
}

export interface ScorerVersionsTable {
  scorer_id: string;
  version: number;
  serialized: string;
  /** Counts, only runs beside the one that counts, or does neither. */
  mode: Generated<"live" | "shadow" | "discarded">;
  /** What alignment taught it, as JSON text; null = it was not aligned. */
  guidelines: ColumnType<unknown, string | undefined, string>;
  created_ms: number;
}

export interface ScoreTasksTable {
  id: Generated<number>;
  scorer_id: string;
  version: number;
  level: "trace" | "session";
  entity_id: string;
  /** Counts the states of growth in which a session was scored. */
  generation: Generated<number>;
  origin: "online" | "backfill";
  probability: number;
  state: Generated<"waiting" | "running" | "scored" | "failed" | "skipped">;
  reason: Generated<string | null>;
  attempts: Generated<number>;
  due_ms: number;
  lease_ms: Generated<number | null>;
  settled_ms: number;
  /** When the trace began; of a session its newest turn. */
  began_ms: Generated<number>;
  started_ms: Generated<number | null>;
  finished_ms: Generated<number | null>;
  cost_usd: Generated<number | null>;
  /** Of a version that ran in the shadow when the task was made. */
  shadow: Generated<boolean>;
}

export interface ProvidersTable {
  id: string;
  name: string;
  kind: string;
  base_url: string | null;
  sealed_key: string | null;
  masked_key: string | null;
  default_model: string | null;
  allow_private: boolean;
  is_default: boolean;
  created_ms: number;
  updated_ms: number;
}

export interface ScoreBackfillsTable {
  id: string;
  scorer_id: string;
  version: number;
  /** Nanoseconds, as text: they do not fit a number. */
  from_ns: string;
  to_ns: string;
  filter: string | null;
  rate: number;
  state: Generated<"running" | "done" | "cancelled">;
  next_cursor: Generated<string | null>;
  traces: Generated<number>;
  added: Generated<number>;
  created_ms: number;
}

export interface AgentStepsTable {
  project_id: number;
  agent: string;
  steps: number;
  runs: number;
}

export interface ReviewQueuesTable {
  id: string;
  project_id: number;
  name: string;
  description: string;
  /** Absent where label schemas say what is asked. */
  label: string | null;
  /** Written as JSON text, read as what it says. */
  answer: ColumnType<unknown, string | null, string | null>;
  purpose: Generated<"estimate" | "interesting">;
  half_width: Generated<number>;
  assignees: Generated<string[]>;
  schema_ids: Generated<string[]>;
  is_personal: Generated<boolean>;
  owner: Generated<string | null>;
  sample: ColumnType<unknown, string | null | undefined, string | null>;
  created_ms: number;
  updated_ms: number;
}

export interface ReviewItemsTable {
  queue_id: string;
  trace_id: string;
  inclusion: number | null;
  priority: Generated<number>;
  state: Generated<"pending" | "done" | "skipped">;
  assignee: Generated<string | null>;
  lease_ms: Generated<number | null>;
  reviewer: Generated<string | null>;
  assessment_id: Generated<string | null>;
  added_ms: number;
  done_ms: Generated<number | null>;
}

export interface LabelSchemasTable {
  id: string;
  project_id: number;
  name: string;
  type: "feedback" | "expectation";
  input: ColumnType<unknown, string, string>;
  instruction: string;
  enable_comment: boolean;
  is_default: boolean;
  created_ms: number;
  updated_ms: number;
}

import type { ColumnType, Generated } from "kysely";

/** Tables of alignment. */
export interface AlignmentTables {
  scorer_examples: ScorerExamplesTable;
  alignments: AlignmentsTable;
  alignment_cases: AlignmentCasesTable;
  judge_spending: JudgeSpendingTable;
  anchor_sets: AnchorSetsTable;
  anchors: AnchorsTable;
  anchor_runs: AnchorRunsTable;
  anchor_verdicts: AnchorVerdictsTable;
}

export interface AnchorSetsTable {
  scorer_id: string;
  set_id: string;
  threshold: number;
  interval_hours: number;
  /** 0 = somebody asked for it now. */
  next_run_ms: number;
  created_ms: number;
}

export interface AnchorsTable {
  scorer_id: string;
  entity_id: string;
  trace_ids: string[];
  user_ids: string[];
  human_pass: boolean;
  /** JSON of the one who runs it. */
  subject: string;
}

export interface AnchorRunsTable {
  id: string;
  scorer_id: string;
  set_id: string;
  version: number;
  state: Generated<"running" | "done" | "failed">;
  error: Generated<string | null>;
  cost_usd: Generated<number | null>;
  started_ms: number;
  finished_ms: Generated<number | null>;
}

export interface AnchorVerdictsTable {
  run_id: string;
  entity_id: string;
  human_pass: boolean;
  judge_pass: boolean | null;
}

export interface ScorerExamplesTable {
  scorer_id: string;
  version: number;
  place: number;
  trace_id: string;
  session_id: string;
  /** Whose content it is: of all traces that it was made from. */
  trace_ids: string[];
  user_ids: string[];
  input: string;
  output: string;
  verdict: string;
  why: string;
}

export interface AlignmentsTable {
  id: string;
  scorer_id: string;
  base_version: number;
  threshold: number;
  state: Generated<"running" | "done" | "failed" | "cancelled">;
  /** Written as JSON text, read as what it says. */
  guidelines: ColumnType<unknown, string | undefined, string>;
  version: Generated<number | null>;
  result: ColumnType<unknown, string | undefined, string>;
  error: Generated<string | null>;
  cost_usd: Generated<number | null>;
  unpriced: Generated<number>;
  created_ms: number;
  finished_ms: Generated<number | null>;
}

export interface AlignmentCasesTable {
  alignment_id: string;
  entity_id: string;
  trace_id: string;
  session_id: string;
  user_ids: string[];
  trace_ids: string[];
  half: "training" | "held_back";
  human: string;
  human_pass: boolean;
  human_why: string;
  before_done: Generated<boolean>;
  before_value: Generated<string | null>;
  before_pass: Generated<boolean | null>;
  before_why: Generated<string | null>;
  after_done: Generated<boolean>;
  after_value: Generated<string | null>;
  after_pass: Generated<boolean | null>;
}

export interface JudgeSpendingTable {
  id: Generated<number>;
  scorer_id: string;
  at_ms: number;
  cost_usd: number;
}

import type { ColumnType, Generated } from "kysely";
import type { ScoringTables } from "./scoring-tables.ts";

/** The tables of the metadata database, as the newest migration leaves them. Times are Unix milliseconds. */
export interface Tables extends ScoringTables {
  projects: ProjectsTable;
  project_tags: ProjectTagsTable;
  settings: SettingsTable;
  slos: SlosTable;
  views: ViewsTable;
  dashboards: DashboardsTable;
  price_overrides: PriceOverridesTable;
  reprice_jobs: RepriceJobsTable;
  erasures: ErasuresTable;
}

export interface ErasuresTable {
  id: string;
  subject_sha256: string;
  /** Written as JSON text, read as what it says. */
  project_ids: ColumnType<unknown, string, string>;
  requested_by: string;
  state: "running" | "done" | "failed";
  step: string;
  counts: ColumnType<unknown, string, string>;
  traces_sha256: string | null;
  error: string | null;
  created_ms: number;
  updated_ms: number;
  finished_ms: number | null;
}

export interface ProjectsTable {
  id: Generated<number>;
  name: string;
  lifecycle: "active" | "deleted";
  created_ms: number;
  updated_ms: number;
}

export interface ProjectTagsTable {
  project_id: number;
  key: string;
  value: string;
}

export interface SettingsTable {
  key: string;
  /** Written as JSON text, read as what it says. */
  value: ColumnType<unknown, string, string>;
  updated_ms: number;
}

export interface ViewsTable {
  id: string;
  name: string;
  page: string;
  state: ColumnType<Record<string, string>, string, string>;
  visibility: "private" | "shared";
  owner: string;
  project_id: number | null;
  created_ms: number;
  updated_ms: number;
}

export interface DashboardsTable {
  id: string;
  name: string;
  project_id: number | null;
  version: number;
  content: ColumnType<unknown, string, string>;
  created_ms: number;
  updated_ms: number;
}

export interface PriceOverridesTable {
  id: string;
  provider: string | null;
  model: string;
  valid_from: string | null;
  /** Written as JSON text, read as what it says. */
  rates: ColumnType<unknown, string, string>;
  long_context: ColumnType<unknown, string, string>;
  note: string;
  place: number;
  created_ms: number;
  /** When it was replaced; null = in force. */
  retired_ms: number | null;
}

export interface RepriceJobsTable {
  id: Generated<number>;
  state: "running" | "done" | "failed" | "cancelled";
  question: ColumnType<unknown, string, string>;
  progress: ColumnType<unknown, string, string>;
  error: string | null;
  created_ms: number;
  updated_ms: number;
}

export interface SlosTable {
  id: string;
  name: string;
  description: string;
  project_id: number | null;
  filter: string;
  indicator: "latency" | "ttft" | "error_rate";
  threshold_ms: number | null;
  target: number;
  window_days: number;
  created_ms: number;
  updated_ms: number;
}

import type { ColumnType, Generated } from "kysely";

/** The tables of the metadata database, as the newest migration leaves them. Times are Unix milliseconds. */
export interface Tables {
  projects: ProjectsTable;
  project_tags: ProjectTagsTable;
  settings: SettingsTable;
  views: ViewsTable;
  dashboards: DashboardsTable;
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

import type { ColumnType, Generated } from "kysely";

/** The tables of the metadata database, as the newest migration leaves them. Times are Unix milliseconds. */
export interface Tables {
  projects: ProjectsTable;
  project_tags: ProjectTagsTable;
  settings: SettingsTable;
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

import type { SqlParams } from "../../../filter-to-sql/sql-params.ts";
import type { ReadHours } from "./read-hours.ts";

/** "In one of these hours of a project" as conditions on rows with `project_id` and `bucket`; none for all hours. */
export function hoursSql(hours: ReadHours["current"], params: SqlParams): string[] {
  if (hours === "all") return [];
  const projects = params.bind(
    "Array(String)",
    hours.map(({ project }) => project),
  );
  const buckets = params.bind(
    "Array(UInt32)",
    hours.map(({ hour }) => hour),
  );
  return [`(project_id, bucket) IN (SELECT key.1, toDateTime(key.2, 'UTC') FROM (SELECT arrayJoin(arrayZip(${projects}, ${buckets})) AS key))`];
}

import type { SqlParams } from "../filter-to-sql/sql-params.ts";

/** Where `traces` has a trace; `at` = its hour, in seconds since 1970. */
export interface TraceKey {
  project_id: string;
  trace_id: string;
  at: number;
}

/** The parts of these keys, bound apart. */
export function keyLists(keys: readonly TraceKey[], params: SqlParams): [projects: string, traces: string, hours: string] {
  return [
    params.bind(
      "Array(String)",
      keys.map((key) => key.project_id),
    ),
    params.bind(
      "Array(String)",
      keys.map((key) => key.trace_id),
    ),
    params.bind(
      "Array(UInt32)",
      keys.map((key) => key.at),
    ),
  ];
}

/** A condition on whole keys, not on their parts apart, so that of each hour only the granules of its traces are read. */
export function keysSql(keys: readonly TraceKey[], params: SqlParams): string {
  const [projects, traces, hours] = keyLists(keys, params);
  return `(project_id, bucket, trace_id) IN (SELECT key.1, toDateTime(key.2, 'UTC'), key.3 FROM (SELECT arrayJoin(arrayZip(${projects}, ${hours}, ${traces})) AS key))`;
}

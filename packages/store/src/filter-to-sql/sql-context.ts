import type { ProjectScope } from "@telltale/model";
import type { SqlParams } from "./sql-params.ts";

export interface SqlContext {
  params: SqlParams;
  scope: ProjectScope;
  /**
   * `exact`: what the filter says. `superset`: every trace that matches, and perhaps one whose replaced row did; it reads
   * tables without FINAL, which is many times faster, and its result must be asked again exactly.
   */
  mode: "exact" | "superset";
  /** Conditions on `bucket` (and `trace_id`) of spans and payloads that hold for all spans of the traces asked about. */
  spanRows?: readonly string[];
  /** The same for `assessments`. */
  assessmentRows?: readonly string[];
}

/** How a subquery reads: under NOT a superset would lose traces, so there it is always exact. */
export interface Reading {
  final: boolean;
  spanRows: readonly string[];
  assessmentRows: readonly string[];
}

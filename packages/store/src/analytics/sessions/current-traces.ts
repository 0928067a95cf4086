import type { ProjectScope } from "@telltale/model";
import type { Engine } from "../../engine/engine.ts";
import { scopeSql } from "../../filter-to-sql/project-scope.ts";
import { SqlParams } from "../../filter-to-sql/sql-params.ts";
import { keyLists, keysSql, type TraceKey } from "../trace-keys.ts";

/** Which traces are asked about, as conditions. */
export interface TracesChoice {
  scope: ProjectScope;
  /** By id of their session or user, which has an index. */
  ids: (params: SqlParams) => string;
  /** What else must hold of their current row. */
  exact: (params: SqlParams) => string;
}

/** Above this many, reading by key is no gain. */
const MAX_KEYS = 4_000;

/**
 * Reads the current rows of chosen traces. Which traces ever named an id is found by index without FINAL; then all versions of
 * these are read by their whole key and the newest counts, if it still names the id. A third of the work of FINAL.
 */
export class CurrentTraces {
  readonly #chosen: TracesChoice;
  readonly #keys: readonly TraceKey[] | undefined;

  private constructor(chosen: TracesChoice, keys: readonly TraceKey[] | undefined) {
    this.#chosen = chosen;
    this.#keys = keys;
  }

  static async find(engine: Engine, chosen: TracesChoice, signal?: AbortSignal): Promise<CurrentTraces> {
    const params = new SqlParams();
    const keys = await engine.query<TraceKey>(
      `SELECT project_id, trace_id, toUInt32(bucket) AS at FROM traces WHERE ${scopeSql(chosen.scope, params)} AND ${chosen.ids(params)} LIMIT ${MAX_KEYS + 1}`,
      params.values,
      { signal },
    );
    return new CurrentTraces(chosen, keys.length > MAX_KEYS ? undefined : keys);
  }

  /** They are few enough to be named one by one. */
  get isFew(): boolean {
    return this.#keys !== undefined;
  }

  /** What follows FROM, conditions included; more of them may follow with AND. */
  sql(params: SqlParams): string {
    const { scope, ids, exact } = this.#chosen;
    const conditions = `${ids(params)} AND ${exact(params)}`;
    // Whether there is an input is told by the length of the text, which is stored apart: the text itself need not be read.
    const columns = "*, notEmpty(input_preview) AS has_input";
    if (this.#keys === undefined)
      return `(SELECT ${columns} FROM traces FINAL WHERE ${scopeSql(scope, params)} AND ${ids(params)}) AS traces WHERE ${exact(params)}`;
    const rows = `SELECT ${columns} FROM traces WHERE ${scopeSql(scope, params)} AND ${keysSql(this.#keys, params)} ORDER BY version DESC LIMIT 1 BY project_id, bucket, trace_id`;
    return `(${rows}) AS traces WHERE is_deleted = 0 AND ${conditions}`;
  }

  /** A condition on a table keyed by project and trace: at most a few traces too many. */
  keyedSql(params: SqlParams): string {
    const { scope, ids } = this.#chosen;
    if (this.#keys === undefined)
      return `(project_id, trace_id) IN (SELECT project_id, trace_id FROM traces WHERE ${scopeSql(scope, params)} AND ${ids(params)})`;
    const [projects, traces] = keyLists(this.#keys, params);
    return `(project_id, trace_id) IN (SELECT arrayJoin(arrayZip(${projects}, ${traces})))`;
  }
}

import { TelltaleError } from "@telltale/model";
import type { Filter } from "@telltale/model/filter";
import type { Engine } from "../../engine/engine.ts";
import { type Compare, textOf } from "../../filter-to-sql/compare-sql.ts";
import { SqlParams } from "../../filter-to-sql/sql-params.ts";

/** Compiles every RLIKE pattern in the engine (RE2), whether or not a row would reach it: a wrong one is the caller's mistake. */
export async function checkPatterns(filter: Filter | undefined, engine: Engine, signal?: AbortSignal): Promise<void> {
  for (const clause of filter === undefined ? [] : patternsIn(filter)) {
    const params = new SqlParams();
    const pattern = textOf(clause.values[0]);
    try {
      await engine.query(`SELECT match('', ${params.bind("String", pattern)}) AS ok`, params.values, { signal });
    } catch (error) {
      if (error instanceof TelltaleError && error.code !== "filter_invalid") throw error;
      const message = `The regular expression ${JSON.stringify(pattern.slice(0, 200))} at column ${clause.column + 1} is not valid (RE2 syntax: no look-around, no back-references).`;
      throw new TelltaleError("filter_invalid", message, { column: clause.column, cause: error });
    }
  }
}

function* patternsIn(filter: Filter): Generator<Compare> {
  switch (filter.kind) {
    case "and":
    case "or":
    case "span_exists":
      for (const item of filter.items) yield* patternsIn(item);
      return;
    case "not":
      yield* patternsIn(filter.item);
      return;
    case "compare":
      if (filter.op === "RLIKE") yield filter;
  }
}

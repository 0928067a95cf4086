import type { ProjectScope } from "@telltale/model";
import type { Engine } from "../../engine/engine.ts";
import { scopeSql } from "../../filter-to-sql/project-scope.ts";
import { SqlParams } from "../../filter-to-sql/sql-params.ts";

/** What one diagnostic found of one agent and tool. */
export interface DiagnosticTotal {
  diagnostic: string;
  agent: string;
  tool: string;
  traces: number;
  occurrences: number;
  wastedMs: number;
  /** Of the findings whose waste is priced; `undefined` = none is. */
  wastedUsd: number | undefined;
  unpriced: number;
  /** The newest trace. */
  example: string;
}

const MAX_GROUPS = 1_000;

/** Findings of a window by diagnostic, agent and tool, most traces first. */
export async function diagnosticTotals(
  engine: Engine,
  question: { scope: ProjectScope; fromNs: bigint; toNs: bigint },
  signal?: AbortSignal,
): Promise<DiagnosticTotal[]> {
  const params = new SqlParams();
  const time = (ns: bigint): string => `fromUnixTimestamp64Nano(${params.bind("Int64", ns)}, 'UTC')`;
  const rows = await engine.query<{
    diagnostic: string;
    agent: string;
    tool: string;
    traces: string;
    occurrences: number;
    wasted_ms: number;
    wasted_usd: number;
    unpriced: string;
    priced: string;
    example: string;
  }>(
    `SELECT metadata['telltale.diagnostic'] AS diagnostic, metadata['telltale.diagnostic.agent'] AS agent, metadata['telltale.diagnostic.tool'] AS tool,
       uniqExact(project_id, trace_id) AS traces, sum(toFloat64OrZero(metadata['telltale.diagnostic.occurrences'])) AS occurrences,
       sum(toFloat64OrZero(metadata['telltale.diagnostic.wastedMs'])) AS wasted_ms, sum(toFloat64OrZero(metadata['telltale.diagnostic.wastedUsd'])) AS wasted_usd,
       countIf(mapContains(metadata, 'telltale.diagnostic.wastedUsd')) AS priced, count() - priced AS unpriced, argMax(trace_id, trace_start) AS example
     FROM assessments FINAL
     WHERE ${scopeSql(question.scope, params)} AND mapContains(metadata, 'telltale.diagnostic') AND valid
       AND trace_start >= ${time(question.fromNs)} AND trace_start < ${time(question.toNs)}
     GROUP BY diagnostic, agent, tool ORDER BY traces DESC, diagnostic, agent, tool LIMIT ${MAX_GROUPS}`,
    params.values,
    { signal, lane: "heavy", maxSeconds: 20 },
  );
  return rows.map((row) => ({
    diagnostic: row.diagnostic,
    agent: row.agent,
    tool: row.tool,
    traces: Number(row.traces),
    occurrences: row.occurrences,
    wastedMs: row.wasted_ms,
    wastedUsd: Number(row.priced) === 0 ? undefined : row.wasted_usd,
    unpriced: Number(row.unpriced),
    example: row.example,
  }));
}

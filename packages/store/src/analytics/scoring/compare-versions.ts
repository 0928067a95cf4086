import type { ProjectScope } from "@telltale/model";
import type { Engine } from "../../engine/engine.ts";
import { scopeSql } from "../../filter-to-sql/project-scope.ts";
import { SqlParams } from "../../filter-to-sql/sql-params.ts";

export interface VersionQuestion {
  scope: ProjectScope;
  name: string;
  liveVersion: number;
  shadowVersion: number;
  fromNs: bigint;
  toNs: bigint;
}

/** Traces on which the live version, the one in its shadow and people said the same three things. */
export interface VersionVerdicts {
  /** `undefined` = no value. */
  live: string | undefined;
  shadow: string | undefined;
  human: string | undefined;
  shadowFailed: boolean;
  traces: number;
}

const MAX_GROUPS = 10_000;

/** What a version in the shadow said of the traces of a window, beside what counts. */
export async function compareVersions(engine: Engine, question: VersionQuestion, signal?: AbortSignal): Promise<VersionVerdicts[]> {
  const params = new SqlParams();
  const time = (ns: bigint): string => `fromUnixTimestamp64Nano(${params.bind("Int64", ns)}, 'UTC')`;
  const version = (number: number): string => `metadata['mlflow.assessment.scorerVersion'] = ${params.bind("String", String(number))}`;
  const shadow = `mapContains(metadata, 'telltale.shadow') AND ${version(question.shadowVersion)}`;
  const live = `valid AND source_type != 'HUMAN' AND mapContains(metadata, 'telltale.sampling.probability') AND ${version(question.liveVersion)}`;
  const human = "valid AND source_type = 'HUMAN' AND NOT mapContains(metadata, 'telltale.review.chosen')";
  const rows = await engine.query<{
    live: string;
    has_live: number;
    shadow: string;
    has_shadow: number;
    human: string;
    has_human: number;
    failed: number;
    n: string;
  }>(
    `SELECT live, has_live, shadow, has_shadow, human, has_human, failed, count() AS n FROM (
       SELECT trace_id,
         argMaxIf(value_text, updated, ${live} AND has_value) AS live, countIf(${live} AND has_value) > 0 AS has_live,
         argMaxIf(value_text, updated, ${shadow} AND has_value) AS shadow, countIf(${shadow} AND has_value) > 0 AS has_shadow,
         argMaxIf(value_text, updated, ${human} AND has_value) AS human, countIf(${human} AND has_value) > 0 AS has_human,
         NOT has_shadow AND countIf(${shadow} AND NOT has_value) > 0 AS failed
       FROM assessments FINAL
         WHERE ${scopeSql(question.scope, params)} AND name = ${params.bind("String", question.name)} AND kind = 'feedback' AND span_id = ''
           AND trace_start >= ${time(question.fromNs)} AND trace_start < ${time(question.toNs)}
       GROUP BY trace_id)
     WHERE has_shadow OR failed GROUP BY live, has_live, shadow, has_shadow, human, has_human, failed LIMIT ${MAX_GROUPS}`,
    params.values,
    { signal, lane: "heavy", maxSeconds: 20 },
  );
  return rows.map((row) => ({
    live: row.has_live === 1 ? row.live : undefined,
    shadow: row.has_shadow === 1 ? row.shadow : undefined,
    human: row.has_human === 1 ? row.human : undefined,
    shadowFailed: row.failed === 1,
    traces: Number(row.n),
  }));
}

import type { ProjectScope } from "@telltale/model";
import type { Engine } from "../../engine/engine.ts";
import { scopeSql } from "../../filter-to-sql/project-scope.ts";
import { SqlParams } from "../../filter-to-sql/sql-params.ts";

/** What a scorer and people said of the traces of a window, under one name. */
export interface VerdictCount {
  /** Start of the step (Unix seconds); 0 without steps. */
  stepS: number;
  /** Text of the scorer's value; `undefined` = it gave none (only people spoke, or it failed). */
  judge: string | undefined;
  human: string | undefined;
  /** Chance with which the scorer had sampled the trace. */
  probability: number;
  /** Chance with which the trace was drawn for its label; 1 when it was not drawn. */
  inclusion: number;
  judgeFailed: boolean;
  traces: number;
}

/** Whose word counts: that of some versions of the scorer itself, or of whatever else writes machine feedback under its name. */
export type JudgedBy = readonly number[] | "logged";

/** How many traces a version of the scorer judged; version `undefined` = what others logged under its name. */
export interface JudgeCount {
  version: number | undefined;
  traces: number;
}

export interface VerdictQuestion {
  scope: ProjectScope;
  name: string;
  fromNs: bigint;
  toNs: bigint;
  /** `undefined` = every machine's. */
  judgedBy?: JudgedBy | undefined;
  /** Length of a step; `undefined` = the whole window is one. */
  stepS?: number | undefined;
}

/** A trace that both judged. */
export interface LabelledTrace {
  projectId: string;
  traceId: string;
  judge: string;
  human: string;
}

const MAX_GROUPS = 100_000;
const MAX_LABELLED = 20_000;

/** Both sides of each trace, the newest valid word of each counting; then counted by what was said. */
export async function countVerdicts(engine: Engine, question: VerdictQuestion, signal?: AbortSignal): Promise<VerdictCount[]> {
  const params = new SqlParams();
  const step =
    question.stepS === undefined ? "0" : `intDiv(toUnixTimestamp(start), ${params.bind("UInt32", question.stepS)}) * ${params.bind("UInt32", question.stepS)}`;
  const rows = await engine.query<{
    step: string;
    judge: string;
    has_judge: number;
    human: string;
    has_human: number;
    probability: number;
    inclusion: number;
    failed: number;
    n: string;
  }>(
    `SELECT ${step} AS step, judge, has_judge, human, has_human, probability, inclusion, failed, count() AS n FROM (${perTrace(question, params)})
     GROUP BY step, judge, has_judge, human, has_human, probability, inclusion, failed LIMIT ${MAX_GROUPS}`,
    params.values,
    { signal, lane: "heavy", maxSeconds: 20 },
  );
  return rows.map((row) => ({
    stepS: Number(row.step),
    judge: row.has_judge === 1 ? row.judge : undefined,
    human: row.has_human === 1 ? row.human : undefined,
    probability: row.probability,
    inclusion: row.inclusion,
    judgeFailed: row.failed === 1,
    traces: Number(row.n),
  }));
}

/** The newest traces that both a scorer and a person judged. */
export async function labelledTraces(engine: Engine, question: VerdictQuestion, signal?: AbortSignal): Promise<LabelledTrace[]> {
  const params = new SqlParams();
  const rows = await engine.query<{ project_id: string; trace_id: string; judge: string; human: string }>(
    `SELECT project_id, trace_id, judge, human FROM (${perTrace(question, params)}) WHERE has_judge AND has_human ORDER BY start DESC LIMIT ${MAX_LABELLED}`,
    params.values,
    { signal, lane: "heavy", maxSeconds: 20 },
  );
  return rows.map((row) => ({ projectId: row.project_id, traceId: row.trace_id, judge: row.judge, human: row.human }));
}

/** Who judged the traces of a window under a name; a failure counts as well. */
export async function countJudges(engine: Engine, { scope, name, fromNs, toNs }: VerdictQuestion, signal?: AbortSignal): Promise<JudgeCount[]> {
  const params = new SqlParams();
  const rows = await engine.query<{ own: number; judge: number; n: string }>(
    `SELECT ${OWN} AS own, if(own, ${VERSION}, 0) AS judge, uniqExact(project_id, trace_id) AS n FROM assessments FINAL
     WHERE ${inWindow({ scope, name, fromNs, toNs }, params)} AND ${MACHINE} AND span_id = '' GROUP BY own, judge ORDER BY judge DESC LIMIT ${MAX_GROUPS}`,
    params.values,
    { signal, lane: "heavy", maxSeconds: 20 },
  );
  return rows.map(({ own, judge, n }) => ({ version: Number(own) === 1 ? Number(judge) : undefined, traces: Number(n) }));
}

/** A detector finds, it does not judge. */
const MACHINE = "source_type != 'HUMAN' AND NOT mapContains(metadata, 'telltale.detector')";
/** Only the runner says with which chance a trace was sampled. */
const OWN = "mapContains(metadata, 'telltale.sampling.probability')";
const VERSION = "toUInt32OrZero(metadata['mlflow.assessment.scorerVersion'])";

function judgesSql(judgedBy: JudgedBy | undefined, params: SqlParams): string {
  if (judgedBy === undefined) return MACHINE;
  return judgedBy === "logged" ? `${MACHINE} AND NOT ${OWN}` : `${MACHINE} AND ${OWN} AND has(${params.bind("Array(UInt32)", [...judgedBy])}, ${VERSION})`;
}

function inWindow({ scope, name, fromNs, toNs }: VerdictQuestion, params: SqlParams): string {
  const time = (ns: bigint): string => `fromUnixTimestamp64Nano(${params.bind("Int64", ns)}, 'UTC')`;
  return `${scopeSql(scope, params)} AND name = ${params.bind("String", name)} AND kind = 'feedback' AND valid AND trace_start >= ${time(fromNs)} AND trace_start < ${time(toNs)}`;
}

function perTrace(question: VerdictQuestion, params: SqlParams): string {
  const said = "has_value AND span_id = ''";
  const judges = judgesSql(question.judgedBy, params);
  // What somebody picked out because it looked interesting is no sample of anything.
  const labelled = `source_type = 'HUMAN' AND ${said} AND NOT mapContains(metadata, 'telltale.review.chosen')`;
  return `SELECT project_id, trace_id, any(trace_start) AS start,
      argMaxIf(value_text, updated, ${judges} AND ${said}) AS judge, countIf(${judges} AND ${said}) > 0 AS has_judge,
      argMaxIf(value_text, updated, ${labelled}) AS human, countIf(${labelled}) > 0 AS has_human,
      toFloat64OrDefault(argMaxIf(metadata['telltale.review.inclusion'], updated, ${labelled}), 1.) AS inclusion,
      toFloat64OrDefault(argMaxIf(metadata['telltale.sampling.probability'], updated, ${judges} AND ${said}), 1.) AS probability,
      NOT has_judge AND countIf(${judges} AND NOT has_value) > 0 AS failed
    FROM assessments FINAL
    WHERE ${inWindow(question, params)}
    GROUP BY project_id, trace_id`;
}

import type { ProjectScope, Trace } from "@telltale/model";
import { TelltaleError } from "@telltale/model";
import { AgreementAnswer, AgreementQuery, QualityRateAnswer, QualityRateQuery } from "@telltale/model/api";
import { isPass, type QualityRate, qualityRate } from "@telltale/score";
import { agreement } from "@telltale/stats";
import type { JudgeCount, LabelledTrace, Scorers, TraceQuestions, VerdictCount, VerdictQuestion } from "@telltale/store";
import type { FastifyRequest } from "fastify";
import type { Ingest } from "../../pipeline/ingest.ts";
import { assertInScope, scopeOf } from "../scope.ts";
import type { TypedApp } from "../typed-routes.ts";
import { scorerAnywhere } from "./find-scorer.ts";
import { chooseJudges, type Judges, judgesOut } from "./judged-by.ts";
import { type RegisteredScorer, type ScorerNamed, scorerThreshold } from "./scorer-threshold.ts";
import { formatMs, parseWindow } from "./wire/timestamp.ts";

export interface QualityDeps {
  scorerNamed: ScorerNamed;
  metadata: { scorers: Pick<Scorers, "list"> };
  ingest: Pick<Ingest, "readable">;
  questions: TraceQuestions;
  countJudges: (question: VerdictQuestion, signal?: AbortSignal) => Promise<JudgeCount[]>;
  countVerdicts: (question: VerdictQuestion, signal?: AbortSignal) => Promise<VerdictCount[]>;
  labelledTraces: (question: VerdictQuestion, signal?: AbortSignal) => Promise<LabelledTrace[]>;
}

const tags = ["quality"];
const MAX_STEPS = 2_000;
const MAX_SLICES = 20;
const MAX_DISAGREEMENTS = 50;
const SECONDS: Readonly<Record<string, number>> = { m: 60, h: 3_600, d: 86_400 };

/** What scorers say, held against what people say. */
export function qualityRoutes(app: TypedApp, deps: QualityDeps): void {
  app.get(
    "/quality/rate",
    {
      schema: {
        tags,
        summary: "Pass rate of a scorer, raw and corrected by human labels, with its interval",
        querystring: QualityRateQuery,
        response: { 200: QualityRateAnswer },
      },
    },
    async (request) => {
      const { scorer, alpha, method, interval } = request.query;
      // Somebody has just said what is right: the rate counts it.
      await deps.ingest.readable();
      const { question, registered, judges } = await asked(deps, request, request.query);
      const stepS = interval === undefined ? undefined : stepOf(interval, question);
      const verdicts = await deps.countVerdicts({ ...question, stepS }, request.signal);
      const said = verdicts.map(({ judge }) => judge);
      const threshold = request.query.threshold ?? scorerThreshold(registered, said);
      const options = { threshold, alpha, method };
      const whole = qualityRate(verdicts, verdicts, options);
      const steps = stepS === undefined ? [] : [...new Set(verdicts.map((verdict) => verdict.stepS))].toSorted((a, b) => a - b);
      return {
        scorer,
        ...judgesOut(judges),
        method,
        threshold: threshold ?? null,
        ...rateOut(whole),
        labels_for_3_points: whole.labelsNeeded ?? null,
        series: steps.map((at) => ({
          time: formatMs(at * 1000),
          ...rateOut(
            qualityRate(
              verdicts.filter((verdict) => verdict.stepS === at),
              verdicts,
              options,
            ),
          ),
        })),
      };
    },
  );

  app.get(
    "/quality/agreement",
    { schema: { tags, summary: "How far a scorer and people agree, also by slice", querystring: AgreementQuery, response: { 200: AgreementAnswer } } },
    async (request) => {
      const { scorer, alpha, slice_by: sliceBy } = request.query;
      await deps.ingest.readable();
      const { question, registered, judges } = await asked(deps, request, request.query);
      const labelled = await deps.labelledTraces(question, request.signal);
      const said = labelled.map(({ judge }) => judge);
      const threshold = request.query.threshold ?? scorerThreshold(registered, said);
      const pairs = labelled.flatMap((item) => {
        const [judge, human] = [isPass(item.judge, threshold), isPass(item.human, threshold)];
        return judge === undefined || human === undefined ? [] : [{ ...item, judgePass: judge, humanPass: human }];
      });
      const slices = sliceBy === undefined ? [] : slicesOf(pairs, await tracesOf(deps, question.scope, pairs), sliceBy);
      return {
        scorer,
        ...judgesOut(judges),
        ...agreementOut(pairs, alpha),
        slices: slices.slice(0, MAX_SLICES).map(([value, own]) => ({ value, ...agreementOut(own, alpha) })),
        disagreements: pairs
          .filter((pair) => pair.judgePass !== pair.humanPass)
          .slice(0, MAX_DISAGREEMENTS)
          .map(({ traceId, judge, human }) => ({ trace_id: traceId, judge, human })),
      };
    },
  );
}

interface Pair {
  traceId: string;
  judgePass: boolean;
  humanPass: boolean;
}

interface Asked {
  question: VerdictQuestion;
  registered: RegisteredScorer | undefined;
  judges: Judges;
}

/** What a request is about: without a project the one that has the scorer, or all where none has (people and SDKs use names of their own). */
async function asked(
  deps: QualityDeps,
  request: FastifyRequest,
  query: { scorer: string; from: string; to: string; project_id?: string | undefined },
): Promise<Asked> {
  if (query.project_id !== undefined) assertInScope(request, query.project_id);
  const projectId = query.project_id ?? (await scorerAnywhere(request, deps.metadata.scorers, query.scorer))?.projectId;
  const registered = projectId === undefined ? undefined : await deps.scorerNamed(projectId, query.scorer);
  const scope = projectId === undefined ? scopeOf(request) : { projectIds: [projectId] };
  const question = { scope, name: query.scorer, ...parseWindow(query) };
  const judges = chooseJudges(await deps.countJudges(question, request.signal), registered);
  return { question: { ...question, judgedBy: judges.judgedBy }, registered, judges };
}

function stepOf(interval: string, { fromNs, toNs }: VerdictQuestion): number {
  const seconds = Number(interval.slice(0, -1)) * (SECONDS[interval.slice(-1)] ?? 60);
  if (Number((toNs - fromNs) / 1_000_000_000n) / seconds > MAX_STEPS)
    throw new TelltaleError("bad_request", `An interval of ${interval} makes more than ${MAX_STEPS} steps; take a longer one`, { field: "interval" });
  return seconds;
}

function rateOut(rate: QualityRate) {
  return {
    raw: rate.raw ?? null,
    corrected: rate.corrected ?? null,
    ci_low: rate.ciLow ?? null,
    ci_high: rate.ciHigh ?? null,
    n_traces: rate.nTraces,
    n_labels: rate.nLabels,
    n_failed: rate.nFailed,
    n_other: rate.nOther,
  };
}

async function tracesOf({ questions }: QualityDeps, scope: ProjectScope, pairs: readonly Pair[]): Promise<Map<string, Trace>> {
  const ids = pairs.map((pair) => pair.traceId);
  return new Map((await questions.findTraces(scope, ids)).map((trace) => [trace.traceId, trace]));
}

/** Largest first. A trace of several models is in the slice of each. */
function slicesOf(pairs: readonly Pair[], traces: ReadonlyMap<string, Trace>, by: "route" | "environment" | "version" | "model"): [string, Pair[]][] {
  const slices = new Map<string, Pair[]>();
  for (const pair of pairs) {
    const trace = traces.get(pair.traceId);
    for (const value of trace === undefined ? [] : valuesOf(trace, by)) slices.set(value, [...(slices.get(value) ?? []), pair]);
  }
  return [...slices].toSorted((a, b) => b[1].length - a[1].length);
}

function valuesOf(trace: Trace, by: "route" | "environment" | "version" | "model"): string[] {
  const values = { route: [trace.name], environment: [trace.environment], version: [trace.appVersion], model: trace.models }[by].filter(
    (value) => value !== "",
  );
  return values.length === 0 ? ["unknown"] : values;
}

function agreementOut(pairs: readonly Pair[], alpha: number) {
  const all = agreement(pairs.map((pair) => Number(pair.humanPass)) as (0 | 1)[], pairs.map((pair) => Number(pair.judgePass)) as (0 | 1)[], undefined, alpha);
  const [tp, fp, fn, tn] = all.confusion;
  const known = (value: number): number | null => (Number.isFinite(value) ? value : null);
  return {
    n: all.n,
    kappa: known(all.kappa),
    kappa_low: known(all.kappaCi[0]),
    kappa_high: known(all.kappaCi[1]),
    balanced_accuracy: known(all.balancedAccuracy),
    f1: known(all.f1),
    mcc: known(all.mcc),
    confusion: { both_pass: tp, judge_only: fp, human_only: fn, both_fail: tn },
    tpr: known(tp / (tp + fn)),
    tpr_low: known(all.tprWilson[0]),
    tpr_high: known(all.tprWilson[1]),
    tnr: known(tn / (tn + fp)),
    tnr_low: known(all.tnrWilson[0]),
    tnr_high: known(all.tnrWilson[1]),
    mcnemar_p: known(all.mcnemarExactP),
  };
}

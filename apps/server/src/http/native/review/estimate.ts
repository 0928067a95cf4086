import type { ReviewEstimate, ReviewQuestion } from "@telltale/model/api";
import { ReviewSample } from "@telltale/model/api";
import { peopleRate, qualityRate } from "@telltale/score";
import type { ReviewQueue } from "@telltale/store";
import type { ReviewDeps } from "./deps.ts";
import { chooseJudges } from "../judged-by.ts";
import { scorerThreshold } from "../scorer-threshold.ts";
import { parseTimestamp } from "../wire/timestamp.ts";

/**
 * What the labels of a queue's window say so far: the scorer's pass rate corrected by them, or, where no scorer has that name, the
 * share of passes among them. Traces that somebody chose enter nothing.
 */
export async function estimateOf(
  queue: ReviewQueue,
  question: ReviewQuestion,
  { countJudges, countVerdicts, scorerNamed, ingest }: Pick<ReviewDeps, "countJudges" | "countVerdicts" | "scorerNamed" | "ingest">,
  signal: AbortSignal,
): Promise<ReviewEstimate> {
  const none: ReviewEstimate = {
    kind: "none",
    rate: null,
    ci_low: null,
    ci_high: null,
    n_traces: 0,
    n_labels: 0,
    half_width: queue.halfWidth,
    labels_needed: null,
  };
  if (queue.purpose === "interesting" || queue.sample === undefined || question.type === "expectation") return none;
  const { from, to } = ReviewSample.parse(queue.sample);
  // Somebody has just answered: the estimate counts it.
  await ingest.readable();
  const window = { scope: { projectIds: [queue.projectId] }, name: question.name, fromNs: parseTimestamp(from, "from"), toNs: parseTimestamp(to, "to") };
  const registered = await scorerNamed(queue.projectId, question.name);
  const { judgedBy } = chooseJudges(await countJudges(window, signal), registered);
  const verdicts = await countVerdicts({ ...window, judgedBy }, signal);
  const said = verdicts.map(({ judge, human }) => judge ?? human);
  const threshold = middleOf(question.answer) ?? scorerThreshold(registered, said);
  const options = { threshold, alpha: 0.05, halfWidth: queue.halfWidth };
  if (verdicts.some((verdict) => verdict.judge !== undefined)) {
    const rate = qualityRate(verdicts, verdicts, { ...options, method: "post_stratified" });
    return {
      ...none,
      kind: "corrected",
      rate: rate.corrected ?? null,
      ci_low: rate.ciLow ?? null,
      ci_high: rate.ciHigh ?? null,
      n_traces: rate.nTraces,
      n_labels: rate.nLabels,
      labels_needed: rate.labelsNeeded ?? null,
    };
  }
  const rate = peopleRate(verdicts, options);
  return {
    ...none,
    kind: "people",
    rate: rate.rate ?? null,
    ci_low: rate.ci?.[0] ?? null,
    ci_high: rate.ci?.[1] ?? null,
    n_traces: rate.nLabels,
    n_labels: rate.nLabels,
    labels_needed: rate.labelsNeeded ?? null,
  };
}

function middleOf(answer: ReviewQuestion["answer"]): number | undefined {
  return answer.kind === "number" && answer.min !== undefined && answer.max !== undefined ? (answer.min + answer.max) / 2 : undefined;
}

import { type Assessment, TelltaleError } from "@telltale/model";
import type { ReviewSample } from "@telltale/model/api";
import { drawForReview, type ReviewCandidate } from "@telltale/score";
import type { JudgedBy, NewReviewItem, ReviewQueue, TraceQuestions } from "@telltale/store";
import { isJudgedBy } from "../judged-by.ts";
import { parseWindow } from "../wire/timestamp.ts";
import { eligibleFilter } from "../../../scoring/eligible.ts";

/** A sample is drawn from the newest so many traces of its window. */
const MAX_CANDIDATES = 20_000;
const PAGE = 500;

/** Traces that somebody chose because they look interesting: they are no sample, so they have no chance of inclusion. */
export async function chosenItems(questions: TraceQuestions, queue: ReviewQueue, ids: readonly string[]): Promise<NewReviewItem[]> {
  const wanted = ids.map((id) => id.replace(/^tr-/, ""));
  const found = await questions.findTraces({ projectIds: [queue.projectId] }, wanted);
  const missing = wanted.find((id) => !found.some((trace) => trace.traceId === id));
  if (missing !== undefined) throw new TelltaleError("trace_not_found", `There is no trace ${missing} in project ${queue.projectId}`);
  return found.map((trace) => ({ traceId: trace.traceId, inclusion: undefined, priority: 1 }));
}

/**
 * Traces of a window: a sample with its chances, of those that the scorer judged where it judged any (the others' labels could correct
 * nothing); in a queue of interesting ones the newest.
 */
export async function drawnItems(
  questions: TraceQuestions,
  queue: ReviewQueue,
  label: string,
  sample: ReviewSample,
  judgedBy: JudgedBy,
  signal: AbortSignal,
): Promise<NewReviewItem[]> {
  const { fromNs, toNs } = parseWindow(sample, "sample.from");
  const scope = { projectIds: [queue.projectId] };
  const isSample = queue.purpose === "estimate";
  const most = isSample ? MAX_CANDIDATES : sample.count;
  const seen: string[] = [];
  const judged = new Map<string, number | undefined>();
  let cursor: string | undefined;
  do {
    const page = await questions.searchTraces({ scope, filter: eligibleFilter(sample.filter), limit: Math.min(PAGE, most), cursor, fromNs, toNs }, signal);
    const ids = page.traces.map((trace) => trace.traceId);
    seen.push(...ids);
    for (const score of isSample ? await questions.assessmentsOf(scope, ids, signal) : [])
      if (score.name === label && isJudgedBy(score, judgedBy) && score.valid && score.spanId === "") judged.set(score.traceId, numberIn(score));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined && seen.length < most);
  if (!isSample) return seen.slice(0, sample.count).map((traceId, index) => ({ traceId, inclusion: undefined, priority: -index }));
  const candidates: ReviewCandidate[] =
    judged.size > 0 ? Array.from(judged, ([traceId, score]) => ({ traceId, score })) : seen.map((traceId) => ({ traceId, score: undefined }));
  return drawForReview(candidates, sample.count, Math.random);
}

function numberIn({ valueJson }: Assessment): number | undefined {
  const value: unknown = valueJson === undefined ? undefined : JSON.parse(valueJson);
  return typeof value === "number" ? value : undefined;
}

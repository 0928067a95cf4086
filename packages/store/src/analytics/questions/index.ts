import type { RawLog } from "@telltale/model";
import type { Engine } from "../../engine/engine.ts";
import type { TraceQuestions } from "../../store.ts";
import { assessmentsOf, findAssessment } from "./assessments-of.ts";
import { countTraces } from "./count-traces.ts";
import { facets } from "./facets.ts";
import { findTraces } from "./find-traces.ts";
import { logsOf } from "./logs-of.ts";
import { queryMetrics } from "./metrics/query-metrics.ts";
import { shifts } from "./shifts.ts";
import { releases } from "./releases.ts";
import { searchTraces } from "./search-traces.ts";
import { skeletonColumnsOf, spanColumnsOf } from "./span-columns-of.ts";
import { payloadsOf, spansOf } from "./spans-of.ts";
import { traceIdsBefore } from "./trace-ids-before.ts";
import { TraceHistogram } from "./trace-histogram.ts";
import { TracePlaces } from "./trace-places.ts";

export interface QuestionOptions {
  /** Reads a log record that ingest packed (`unpackLog`). */
  unpackLog: (raw: string) => RawLog;
  now?: () => number;
  /** Trace rows of the first window of a page: enough for a page of a filter that every twentieth trace passes. */
  windowRows?: number;
}

/** The questions of `TraceQuestions`, asked of an engine. */
export function traceQuestions(engine: Engine, { unpackLog, now = Date.now, windowRows = 2_000 }: QuestionOptions): TraceQuestions {
  const histogram = new TraceHistogram(engine, now, windowRows);
  const places = new TracePlaces(now);
  return {
    searchTraces: (query, signal) => searchTraces(engine, histogram, query, signal),
    countTraces: (query, signal) => countTraces(engine, histogram, query, signal),
    facets: (query, signal) => facets(engine, histogram, query, signal),
    findTraces: (scope, traceIds, signal) => findTraces(engine, scope, traceIds, signal, places),
    spansOf: (scope, traceId, signal, choice) => spansOf(engine, places, scope, traceId, signal, choice),
    spanColumnsOf: (scope, traceId, signal) => spanColumnsOf(engine, places, scope, traceId, signal),
    skeletonColumnsOf: (scope, traceId, signal) => skeletonColumnsOf(engine, places, scope, traceId, signal),
    payloadsOf: (scope, traceId, spanIds, signal) => payloadsOf(engine, places, scope, traceId, spanIds, signal),
    logsOf: (scope, traceId, signal) => logsOf(engine, unpackLog, scope, traceId, signal),
    assessmentsOf: (scope, traceIds, signal) => assessmentsOf(engine, scope, traceIds, signal),
    findAssessment: (scope, traceId, assessmentId) => findAssessment(engine, scope, traceId, assessmentId),
    queryMetrics: (question, signal) => queryMetrics(engine, histogram, question, signal),
    releases: (question, signal) => releases(engine, question, signal),
    shifts: (question, signal) => shifts(engine, question, signal),
    traceIdsBefore: (scope, endMs, limit) => traceIdsBefore(engine, scope, endMs, limit),
  };
}

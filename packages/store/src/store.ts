import type { Assessment, Project, ProjectScope, RawLog, Span, Trace } from "@telltale/model";
import type { SpanColumns } from "@telltale/model/api";
import type { Filter, OrderBy } from "@telltale/model/filter";
import type { MetricsQuestion, MetricsResult } from "./analytics/questions/metrics/query-metrics.ts";
import type { Shifts, ShiftsQuestion } from "./analytics/questions/shifts.ts";
import type { Release, ReleasesQuestion } from "./analytics/questions/releases.ts";

export type { FigureName } from "./analytics/questions/metrics/aggregates.ts";
export type { RowClause } from "./analytics/questions/metrics/metric-rows.ts";
export type { MetricsPoint, MetricsQuestion, MetricsResult } from "./analytics/questions/metrics/query-metrics.ts";
export type { MoverField, PeriodFigures, Shift, Shifts, ShiftsQuestion } from "./analytics/questions/shifts.ts";
export type { Release, ReleasesQuestion } from "./analytics/questions/releases.ts";

/** Questions asked of the analytics store. Every one is scoped, bounded in time and memory, and may be cancelled. */
export interface TraceQuestions {
  /** One page, newest first unless `orderBy` says else; keyset cursors, stable under inserts. */
  searchTraces(query: TraceQuery, signal?: AbortSignal): Promise<TracePage>;
  countTraces(query: TraceQuery, signal?: AbortSignal): Promise<{ count: number; partial: boolean }>;
  facets(query: TraceQuery, signal?: AbortSignal): Promise<{ facets: Facet[]; partial: boolean }>;
  findTraces(scope: ProjectScope, traceIds: readonly string[], signal?: AbortSignal): Promise<Trace[]>;
  /** Spans of a trace without payloads, in start order; all of them unless `choice` says else. */
  spansOf(scope: ProjectScope, traceId: string, signal?: AbortSignal, choice?: SpanChoice): Promise<StoredSpan[]>;
  /** All spans of a trace as the JSON text of a `SpanColumns`. */
  spanColumnsOf(scope: ProjectScope, traceId: string, signal?: AbortSignal): Promise<Buffer>;
  /** All that the skeletons of the spans say, as columns: 50,000 spans are read in a third of the time that rows take. */
  skeletonColumnsOf(scope: ProjectScope, traceId: string, signal?: AbortSignal): Promise<SkeletonColumns>;
  /** Spans with payload and raw; `spanIds` undefined = all. */
  payloadsOf(scope: ProjectScope, traceId: string, spanIds?: readonly string[], signal?: AbortSignal): Promise<SpanPayload[]>;
  logsOf(scope: ProjectScope, traceId: string, signal?: AbortSignal): Promise<RawLog[]>;
  assessmentsOf(scope: ProjectScope, traceIds: readonly string[], signal?: AbortSignal): Promise<Assessment[]>;
  findAssessment(scope: ProjectScope, traceId: string, assessmentId: string): Promise<Assessment | undefined>;
  /** One metric over a window, by groups and steps. Throws `bad_request` for what does not fit together. */
  queryMetrics(question: MetricsQuestion, signal?: AbortSignal): Promise<MetricsResult>;
  /** Versions, prompts and models that a project has for the first time, newest first. */
  releases(question: ReleasesQuestion, signal?: AbortSignal): Promise<{ releases: Release[]; hasMore: boolean }>;
  /** What traces did in a window and in the one before it, by each value of each field. */
  shifts(question: ShiftsQuestion, signal?: AbortSignal): Promise<Shifts>;
  /** Ids for delete-by-time (MLflow), oldest first. */
  traceIdsBefore(scope: ProjectScope, endMs: number, limit: number): Promise<string[]>;
}

export interface TraceQuery {
  scope: ProjectScope;
  filter?: Filter | undefined;
  /** Words searched in the content of spans (all must occur in one span). */
  text?: string | undefined;
  orderBy?: readonly OrderBy[] | undefined;
  limit: number;
  cursor?: string | undefined;
  fromNs?: bigint | undefined;
  toNs?: bigint | undefined;
}

export interface TracePage {
  traces: Trace[];
  nextCursor: string | null;
}

export interface Facet {
  field: string;
  values: { value: string; count: number }[];
}

export interface SpanChoice {
  /** Only these. */
  spanIds?: readonly string[];
  /** For drawing a tree: `attributes`, `metadata`, `labels` and `traceTags` are not read and stay empty (half the cost). */
  isSkeleton?: boolean;
  /** Thousands of spans are expected: read in the way that is faster for them. */
  isLarge?: boolean;
}

type CodedTexts = SpanColumns["name"];

/** Spans in start order, as in `SpanColumns`, with everything else that a skeleton says. */
export interface SkeletonColumns extends Omit<SpanColumns, "first_start" | "start_ms"> {
  /** Whole seconds since 1970, and the nanoseconds after them. */
  start_s: number[];
  start_nano: number[];
  end_s: number[];
  end_nano: number[];
  dialect: CodedTexts;
  scope_name: CodedTexts;
  scope_version: CodedTexts;
  clock_skew: boolean[];
  http_status: (number | null)[];
  provider: CodedTexts;
  response_model: CodedTexts;
  response_id: CodedTexts;
  /** JSON arrays of strings. */
  finish_reasons: CodedTexts;
  stream: (boolean | null)[];
  session: CodedTexts;
  user: CodedTexts;
  workflow_name: CodedTexts;
  tool_call_id: CodedTexts;
  /** `name/version`, or the name where there is no version. */
  prompt: CodedTexts;
  truncated: boolean[];
}

/** A span as stored, with its project. */
export type StoredSpan = Omit<Span, "inputs" | "outputs"> & { projectId: string };

export interface SpanPayload {
  spanId: string;
  inputs: string;
  outputs: string;
  /** JSON written by ingest's `packRaw`; give it to `unpackRaw`. */
  raw: string;
}

/** Projects, settings and everything else that is small, unique and transactional: PostgreSQL. */
export interface ProjectStore {
  list(options?: { lifecycle?: "active" | "deleted" | "all" }): Promise<Project[]>;
  find(id: string): Promise<Project | undefined>;
  findByName(name: string): Promise<Project | undefined>;
  /** Throws `already_exists`. */
  create(input: { name: string; tags?: Map<string, string> }): Promise<Project>;
  rename(id: string, name: string): Promise<Project>;
  setLifecycle(id: string, lifecycle: "active" | "deleted"): Promise<Project>;
  setTag(id: string, key: string, value: string): Promise<void>;
  deleteTag(id: string, key: string): Promise<void>;
  /** For good, with everything that hangs on it in PostgreSQL. */
  remove(id: string): Promise<void>;
}

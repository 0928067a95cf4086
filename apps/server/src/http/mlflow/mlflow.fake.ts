import { assembleTrace, decodeTraces, decodeTracesJson, mergeTraceInfo, normaliseSpan, packRaw, toAssemblySpan } from "@telltale/ingest";
import { TelltaleError, type Assessment, type Project, type ProjectScope, type RawSpan, type Span, type Trace, type TraceInfo } from "@telltale/model";
import type { Filter } from "@telltale/model/filter";
import type {
  MetricsPoint,
  MetricsQuestion,
  MetricsResult,
  ProjectStore,
  Shifts,
  SpanPayload,
  SkeletonColumns,
  StoredSpan,
  TracePage,
  TraceQuery,
  TraceQuestions,
} from "@telltale/store";
import type { Command, Ingest, Received, ReceivedBody } from "../../pipeline/ingest.ts";

/** One trace in memory: the same three sources its row is derived from. */
interface Held {
  projectId: string;
  traceId: string;
  spans: Map<string, { raw: RawSpan; span: Span }>;
  info: TraceInfo | undefined;
}

/**
 * Store and way in, in memory, for tests of routes: decodes, normalises and assembles with the real functions, keeps
 * the contracts (scope, order, keyset cursors, read-your-writes), and answers the filters those tests use.
 */
export class FakeStore implements TraceQuestions, Ingest {
  readonly #held = new Map<string, Held>();
  readonly #assessments = new Map<string, Assessment>();
  readonly #listeners = new Set<(traces: readonly Trace[]) => void>();
  readonly metricsQuestions: MetricsQuestion[] = [];
  metricsPoints: MetricsPoint[] = [];
  #updatedNs: bigint;
  /** Set to make every write fail. */
  refusal: TelltaleError | undefined;

  constructor(readonly nowMs: () => number) {
    this.#updatedNs = BigInt(nowMs()) * 1_000_000n;
  }

  async traces(input: ReceivedBody): Promise<Received> {
    const { spans } = decodeTraces(input.body, input.format);
    return this.#addSpans(input.project.experimentId ?? "0", spans);
  }

  async tracesJson(input: { body: Buffer; projectId: string; traceId: string }): Promise<Received> {
    return this.#addSpans(input.projectId, decodeTracesJson(input.body));
  }

  async logs(): Promise<Received> {
    return { accepted: 0, rejected: 0, message: "" };
  }

  async metrics(): Promise<Received> {
    return { accepted: 0, rejected: 0, message: "" };
  }

  async apply(commands: readonly Command[]): Promise<void> {
    if (this.refusal !== undefined) throw this.refusal;
    for (const command of commands) {
      if (command.type === "assessment") this.#assessments.set(command.assessment.assessmentId, command.assessment);
      else if (command.type === "assessment_delete") this.#assessments.delete(command.assessmentId);
      else if (command.type === "traces_delete") for (const id of command.traceIds) this.#held.delete(id);
      else if (command.type === "trace_info") {
        const held = this.#hold(command.projectId, command.traceId);
        held.info = mergeTraceInfo(held.info, command.info);
      }
    }
  }

  async readable(): Promise<boolean> {
    return true;
  }

  mayKnow(traceId: string): boolean {
    return this.#held.has(traceId);
  }

  onTraces(listener: (traces: readonly Trace[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async searchTraces({ scope, filter, orderBy, limit, cursor }: TraceQuery): Promise<TracePage> {
    if (cursor !== undefined && !cursor.startsWith("after:")) throw new TelltaleError("cursor_invalid", "Unknown cursor");
    const ascending = orderBy?.[0]?.field.entity === "trace" && orderBy[0].field.name === "timestamp_ms" && orderBy[0].direction === "ASC";
    const all = this.#all(scope).filter((trace) => filter === undefined || this.#matches(trace, filter));
    all.sort((a, b) => Number(ascending ? a.startNs - b.startNs : b.startNs - a.startNs) || (a.traceId < b.traceId ? -1 : 1));
    const start = cursor === undefined ? 0 : all.findIndex((trace) => `after:${trace.traceId}` === cursor) + 1;
    const traces = all.slice(start, start + limit);
    const last = traces.at(-1);
    return { traces, nextCursor: last !== undefined && start + limit < all.length ? `after:${last.traceId}` : null };
  }

  async countTraces(query: TraceQuery): Promise<{ count: number; partial: boolean }> {
    return { count: (await this.searchTraces({ ...query, limit: 1_000_000 })).traces.length, partial: false };
  }

  async facets(): Promise<{ facets: []; partial: boolean }> {
    return { facets: [], partial: false };
  }

  async queryMetrics(question: MetricsQuestion): Promise<MetricsResult> {
    this.metricsQuestions.push(question);
    return { unit: "count", of: "traces", points: this.metricsPoints, partial: false, readFromNs: question.fromNs };
  }

  async releases(): Promise<{ releases: []; hasMore: boolean }> {
    return { releases: [], hasMore: false };
  }

  async shifts(): Promise<Shifts> {
    const none = { traces: 0, failed: 0, p90Ms: undefined, p95Ms: undefined, p98Ms: undefined, costUsd: 0, priced: 0 };
    return { all: { now: none, before: none }, values: [] };
  }

  async findTraces(scope: ProjectScope, traceIds: readonly string[]): Promise<Trace[]> {
    return this.#all(scope).filter((trace) => traceIds.includes(trace.traceId));
  }

  async spanColumnsOf(): Promise<Buffer> {
    throw new Error("MLflow's routes draw no trees");
  }

  async skeletonColumnsOf(): Promise<SkeletonColumns> {
    throw new Error("MLflow's routes show no skeletons");
  }

  async spansOf(scope: ProjectScope, traceId: string): Promise<StoredSpan[]> {
    return this.#spans(scope, traceId).map(({ span, projectId }) => ({ ...span, projectId }));
  }

  async payloadsOf(scope: ProjectScope, traceId: string, spanIds?: readonly string[]): Promise<SpanPayload[]> {
    return this.#spans(scope, traceId)
      .filter(({ span }) => spanIds === undefined || spanIds.includes(span.spanId))
      .map(({ span, raw }) => ({ spanId: span.spanId, inputs: span.inputs, outputs: span.outputs, raw: packRaw(raw, span.inputs, span.outputs) }));
  }

  async logsOf(): Promise<[]> {
    return [];
  }

  async assessmentsOf(scope: ProjectScope, traceIds: readonly string[]): Promise<Assessment[]> {
    return [...this.#assessments.values()].filter((assessment) => inScope(scope, assessment.projectId) && traceIds.includes(assessment.traceId));
  }

  async findAssessment(scope: ProjectScope, traceId: string, assessmentId: string): Promise<Assessment | undefined> {
    return (await this.assessmentsOf(scope, [traceId])).find((assessment) => assessment.assessmentId === assessmentId);
  }

  async traceIdsBefore(scope: ProjectScope, endMs: number, limit: number): Promise<string[]> {
    const before = this.#all(scope).filter((trace) => Number(trace.startNs / 1_000_000n) < endMs);
    return before
      .toSorted((a, b) => Number(a.startNs - b.startNs))
      .slice(0, limit)
      .map((trace) => trace.traceId);
  }

  #addSpans(projectId: string, spans: readonly RawSpan[]): Received {
    if (this.refusal !== undefined) throw this.refusal;
    for (const raw of spans) this.#hold(projectId, raw.traceId).spans.set(raw.spanId, { raw, span: normaliseSpan(raw) });
    const ids = new Set(spans.map((raw) => raw.traceId));
    const changed = this.#all({ projectIds: "all" }).filter((trace) => ids.has(trace.traceId));
    for (const listener of this.#listeners) listener(changed);
    return { accepted: spans.length, rejected: 0, message: "" };
  }

  #hold(projectId: string, traceId: string): Held {
    const held = this.#held.get(traceId) ?? { projectId, traceId, spans: new Map(), info: undefined };
    this.#held.set(traceId, held);
    this.#updatedNs = BigInt(this.nowMs()) * 1_000_000n;
    return held;
  }

  #all(scope: ProjectScope): Trace[] {
    return [...this.#held.values()]
      .filter((held) => inScope(scope, held.projectId))
      .map(({ projectId, traceId, spans, info }) =>
        assembleTrace(
          projectId,
          traceId,
          Array.from(spans.values(), ({ span }) => toAssemblySpan(span)),
          info,
          this.#updatedNs,
        ),
      );
  }

  #spans(scope: ProjectScope, traceId: string): { projectId: string; raw: RawSpan; span: Span }[] {
    const held = this.#held.get(traceId);
    if (held === undefined || !inScope(scope, held.projectId)) return [];
    return Array.from(held.spans.values(), (entry) => ({ ...entry, projectId: held.projectId })).toSorted((a, b) => Number(a.raw.startNs - b.raw.startNs));
  }

  #matches(trace: Trace, filter: Filter): boolean {
    if (filter.kind === "and") return filter.items.every((item) => this.#matches(trace, item));
    if (filter.kind === "or") return filter.items.some((item) => this.#matches(trace, item));
    if (filter.kind === "not") return !this.#matches(trace, filter.item);
    if (filter.kind !== "compare" || filter.op !== "=") throw new Error("the fake answers '=' on traces, tags and metadata only");
    const wanted = String(filter.values[0]?.value);
    const { field } = filter;
    if (field.entity === "tag") return trace.tags.get(field.key) === wanted;
    if (field.entity === "metadata") return (field.key === "mlflow.trace.session" ? trace.sessionId : trace.metadata.get(field.key)) === wanted;
    if (field.entity === "prompt") return trace.prompts.includes(wanted);
    if (field.entity !== "trace") throw new Error(`the fake does not answer ${field.entity}`);
    if (field.name === "status") return trace.status.toUpperCase() === wanted.toUpperCase();
    if (field.name === "name") return trace.name === wanted;
    if (field.name === "client_request_id") return trace.clientRequestId === wanted;
    if (field.name === "run_id") return trace.runIds.includes(wanted);
    throw new Error(`the fake does not answer ${field.name}`);
  }
}

/** Projects in memory; `Default` is there from the start, as in PostgreSQL. */
export class FakeProjects implements ProjectStore {
  readonly #projects = new Map<string, Project>();

  constructor(readonly nowMs: () => number) {
    this.#add("Default", new Map());
  }

  async list(options: { lifecycle?: "active" | "deleted" | "all" } = {}): Promise<Project[]> {
    const lifecycle = options.lifecycle ?? "active";
    return [...this.#projects.values()].filter((project) => lifecycle === "all" || project.lifecycle === lifecycle);
  }

  async find(id: string): Promise<Project | undefined> {
    return this.#projects.get(id);
  }

  async findByName(name: string): Promise<Project | undefined> {
    return [...this.#projects.values()].find((project) => project.name === name);
  }

  async create(input: { name: string; tags?: Map<string, string> }): Promise<Project> {
    if ((await this.findByName(input.name)) !== undefined) throw new TelltaleError("already_exists", `There is a project ${input.name}`);
    return this.#add(input.name, input.tags ?? new Map());
  }

  async rename(id: string, name: string): Promise<Project> {
    if ((await this.findByName(name)) !== undefined) throw new TelltaleError("already_exists", `There is a project ${name}`);
    return this.#change(id, { name });
  }

  async setLifecycle(id: string, lifecycle: Project["lifecycle"]): Promise<Project> {
    return this.#change(id, { lifecycle });
  }

  async setTag(id: string, key: string, value: string): Promise<void> {
    this.#projects.get(id)?.tags.set(key, value);
  }

  async deleteTag(id: string, key: string): Promise<void> {
    this.#projects.get(id)?.tags.delete(key);
  }

  async remove(id: string): Promise<void> {
    this.#projects.delete(id);
  }

  #add(name: string, tags: Map<string, string>): Project {
    const now = this.nowMs();
    const project: Project = { id: String(this.#projects.size), name, lifecycle: "active", tags, createdMs: now, updatedMs: now };
    this.#projects.set(project.id, project);
    return project;
  }

  #change(id: string, change: Partial<Project>): Project {
    const project = this.#projects.get(id);
    if (project === undefined) throw new TelltaleError("project_not_found", `There is no project ${id}`);
    Object.assign(project, change, { updatedMs: this.nowMs() });
    return project;
  }
}

function inScope(scope: ProjectScope, projectId: string): boolean {
  return scope.projectIds === "all" || scope.projectIds.includes(projectId);
}

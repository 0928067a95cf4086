import type { Assessment, Project, Trace } from "@telltale/model";
import { TelltaleError } from "@telltale/model";
import type { Filter } from "@telltale/model/filter";
import type {
  CostQuestions,
  MetricsQuestion,
  MetricsResult,
  Prices,
  ProjectStore,
  RepriceJobs,
  SpanPayload,
  SqlQuestion,
  SqlResult,
  StoredPrice,
  Release,
  ReleasesQuestion,
  Shifts,
  ShiftsQuestion,
  StoredSpan,
  TraceQuery,
  TraceQuestions,
} from "@telltale/store";
import type { Command, Ingest, Received, ReceivedBody } from "../pipeline/ingest.ts";

const noFigures = { traces: 0, failed: 0, p90Ms: undefined, p95Ms: undefined, p98Ms: undefined, costUsd: 0, priced: 0 };

/** Ingest, store and projects in memory: for tests of the routes alone. */
export class FakeStore {
  readonly bodies: ReceivedBody[] = [];
  readonly commands: Command[] = [];
  readonly traces = new Map<string, Trace>();
  readonly spans = new Map<string, StoredSpan[]>();
  readonly payloads = new Map<string, SpanPayload[]>();
  readonly assessments = new Map<string, Assessment>();
  readonly projectsById = new Map<string, Project>([["0", fakeProject("0", "Default")]]);
  /** What the next receive does. */
  answer: () => Received | Promise<Received> = () => ({ accepted: 1, rejected: 0, message: "" });
  readonly listeners = new Set<(traces: readonly Trace[]) => void>();
  readonly queries: TraceQuery[] = [];
  readonly metricsQuestions: MetricsQuestion[] = [];
  metricsAnswer: MetricsResult = { unit: "count", of: "traces", points: [], partial: false, readFromNs: 0n };

  readonly releasesQuestions: ReleasesQuestion[] = [];
  releasesAnswer: { releases: Release[]; hasMore: boolean } = { releases: [], hasMore: false };
  readonly shiftsQuestions: ShiftsQuestion[] = [];
  shiftsAnswer: Shifts = { all: { now: noFigures, before: noFigures }, values: [] };

  readonly ingest: Ingest = {
    traces: (input) => this.#receive(input),
    logs: (input) => this.#receive(input),
    metrics: (input) => this.#receive(input),
    tracesJson: async () => ({ accepted: 1, rejected: 0, message: "" }),
    apply: async (commands) => {
      for (const command of commands) this.#apply(command);
    },
    readable: async () => true,
    onTraces: (listener) => {
      this.listeners.add(listener);
      return () => this.listeners.delete(listener);
    },
  };

  readonly questions: TraceQuestions = {
    searchTraces: async (query) => {
      this.queries.push(query);
      const wanted = idsIn(query.filter);
      const traces = [...this.traces.values()].filter((trace) => wanted === undefined || wanted.includes(trace.traceId));
      return { traces: traces.slice(0, query.limit), nextCursor: traces.length > query.limit ? "next" : null };
    },
    countTraces: async () => ({ count: this.traces.size, partial: false }),
    facets: async () => ({ facets: [{ field: "status", values: [{ value: "ok", count: this.traces.size }] }], partial: true }),
    findTraces: async (_scope, ids) => ids.flatMap((id) => this.traces.get(id) ?? []),
    spanColumnsOf: async (_scope, id) => Buffer.from(JSON.stringify({ span_id: (this.spans.get(id) ?? []).map((span) => span.spanId) })),
    skeletonColumnsOf: async () => {
      throw new Error("no trace of these tests is that large");
    },
    spansOf: async (_scope, id, _signal, choice) => (this.spans.get(id) ?? []).filter((span) => choice?.spanIds?.includes(span.spanId) !== false),
    payloadsOf: async (_scope, id, spanIds) => (this.payloads.get(id) ?? []).filter((payload) => spanIds?.includes(payload.spanId) !== false),
    logsOf: async () => [],
    assessmentsOf: async (_scope, ids) => [...this.assessments.values()].filter((assessment) => ids.includes(assessment.traceId)),
    findAssessment: async (_scope, _traceId, id) => this.assessments.get(id),
    queryMetrics: async (question) => {
      this.metricsQuestions.push(question);
      return this.metricsAnswer;
    },
    releases: async (question) => {
      this.releasesQuestions.push(question);
      return this.releasesAnswer;
    },
    shifts: async (question) => {
      this.shiftsQuestions.push(question);
      return this.shiftsAnswer;
    },
    traceIdsBefore: async () => [],
  };

  readonly sqlQuestions: SqlQuestion[] = [];
  readonly sql = async (question: SqlQuestion): Promise<SqlResult> => {
    this.sqlQuestions.push(question);
    return { columns: [{ name: "n", type: "UInt64" }], rows: [[1], [null]], rowsRead: 7, truncated: true };
  };

  readonly projects: ProjectStore = {
    list: async (options) =>
      [...this.projectsById.values()].filter((project) => options?.lifecycle === "all" || project.lifecycle === (options?.lifecycle ?? "active")),
    find: async (id) => this.projectsById.get(id),
    findByName: async (name) => [...this.projectsById.values()].find((project) => project.name === name),
    create: async ({ name, tags }) => {
      if ([...this.projectsById.values()].some((project) => project.name === name))
        throw new TelltaleError("already_exists", `A project named "${name}" exists already`);
      return this.#put({ ...fakeProject(String(this.projectsById.size), name), tags: tags ?? new Map() });
    },
    rename: async (id, name) => this.#put({ ...this.#project(id), name }),
    setLifecycle: async (id, lifecycle) => this.#put({ ...this.#project(id), lifecycle }),
    setTag: async (id, key, value) => void this.#project(id).tags.set(key, value),
    deleteTag: async (id, key) => void this.#project(id).tags.delete(key),
    remove: async (id) => void this.projectsById.delete(id),
  };

  #prices: StoredPrice[] = [];
  readonly prices: Pick<Prices, "list" | "find" | "replace" | "thresholds"> = {
    list: async () => this.#prices,
    thresholds: async () => [],
    find: async (ids) => this.#prices.filter((price) => ids.includes(price.id)),
    replace: async (prices) => (this.#prices = prices.map((price) => ({ ...price, createdMs: 1_795_500_000_000 }))),
  };

  readonly repriceJobs: Pick<RepriceJobs, "create" | "find" | "list" | "update"> = {
    create: async () => {
      throw new TelltaleError("already_exists", "nothing can be repriced here");
    },
    find: async () => undefined,
    list: async () => [],
    update: async () => undefined,
  };

  readonly cost: CostQuestions = {
    callGroups: async (window) => ({ groups: [], isCut: false, partial: false, readFromNs: window.fromNs }),
    tokenIdentities: async (window) => ({ broken: [], reports: 0, partial: false, readFromNs: window.fromNs }),
    costlySteps: async (window) => ({ totalUsd: undefined, traceCount: 0, dearest: [], traces: [], steps: [], partial: false, readFromNs: window.fromNs }),
  };

  async #receive(input: ReceivedBody): Promise<Received> {
    this.bodies.push(input);
    return this.answer();
  }

  #apply(command: Command): void {
    this.commands.push(command);
    if (command.type === "assessment") this.assessments.set(command.assessment.assessmentId, command.assessment);
    else if (command.type === "assessment_delete") this.assessments.delete(command.assessmentId);
    else if (command.type === "traces_delete") for (const id of command.traceIds) this.traces.delete(id);
    else if (command.type === "trace_info") {
      const trace = this.traces.get(command.traceId);
      for (const [key, value] of command.info.tags) trace?.tags.set(key, value);
      for (const key of command.info.deletedTags) trace?.tags.delete(key);
    }
  }

  #project(id: string): Project {
    const project = this.projectsById.get(id);
    if (project === undefined) throw new TelltaleError("project_not_found", `No project ${id}`);
    return project;
  }

  #put(project: Project): Project {
    this.projectsById.set(project.id, project);
    return project;
  }
}

function fakeProject(id: string, name: string): Project {
  return { id, name, lifecycle: "active", tags: new Map(), createdMs: 1_795_000_000_000, updatedMs: 1_795_000_000_000 };
}

/** The ids of a `trace_id IN (…)` anywhere in a filter: all that this store understands of it. */
function idsIn(filter: Filter | undefined): string[] | undefined {
  if (filter?.kind === "and") return filter.items.map((item) => idsIn(item)).find((ids) => ids !== undefined);
  return filter?.kind === "compare" && filter.op === "IN" ? filter.values.map((literal) => String(literal.value)) : undefined;
}

/** A finished trace of one model call. */
export function fakeTrace(traceId: string, changes: Partial<Trace> = {}): Trace {
  return {
    projectId: "0",
    traceId,
    name: "answer",
    status: "ok",
    statusMessage: "",
    startNs: 1_795_424_909_104_549_065n,
    endNs: 1_795_424_910_104_549_065n,
    durationMs: 1000,
    rootSpanId: "00f067aa0ba902b7",
    serviceName: "shop",
    environment: "",
    appVersion: "",
    sessionId: "",
    userId: "ann",
    clientRequestId: "",
    inputPreview: "hi",
    outputPreview: "hello",
    spanCount: 1,
    errorCount: 0,
    llmCalls: 1,
    unpricedCalls: 1,
    tokens: { input: 3, output: 5, total: 8, cacheRead: undefined, cacheWrite: undefined, reasoning: undefined },
    costUsd: undefined,
    ttftMs: undefined,
    models: ["gpt-x"],
    providers: [],
    tools: [],
    failedTools: [],
    agents: [],
    services: ["shop"],
    prompts: [],
    runIds: [],
    labels: [],
    tags: new Map([["release", "7"]]),
    metadata: new Map(),
    complete: true,
    truncated: false,
    updatedNs: 1_795_424_911_000_000_000n,
    info: undefined,
    ...changes,
  };
}

export function fakeSpan(traceId: string, spanId: string, changes: Partial<StoredSpan> = {}): StoredSpan {
  return {
    projectId: "0",
    traceId,
    spanId,
    parentSpanId: "",
    name: "chat",
    kind: "LLM",
    dialect: "gen_ai",
    normVersion: 1,
    scopeName: "test",
    scopeVersion: "1",
    serviceName: "shop",
    startNs: 1_795_424_909_104_549_065n,
    endNs: 1_795_424_909_105_049_065n,
    clockSkew: false,
    status: "ok",
    statusMessage: "",
    errorType: "",
    httpStatus: undefined,
    provider: "openai",
    requestModel: "gpt-x",
    responseModel: "gpt-x-2026",
    responseId: "",
    serviceTier: "",
    finishReasons: ["stop"],
    usage: {
      input: 3,
      output: 5,
      cacheRead: undefined,
      cacheWrite: undefined,
      cacheWrite1h: undefined,
      reasoning: undefined,
      inputAudio: undefined,
      outputAudio: undefined,
      inputImage: undefined,
    },
    usageIsAggregate: false,
    usageFlaws: 0,
    cost: { usd: undefined, source: "unknown", reportedUsd: undefined, priceVersion: "" },
    ttftMs: undefined,
    stream: undefined,
    sessionId: "",
    userId: "",
    environment: "",
    appVersion: "",
    promptName: "greet",
    promptVersion: "2",
    agentName: "",
    workflowName: "",
    toolName: "",
    toolCallId: "",
    labels: [],
    metadata: new Map(),
    traceTags: new Map(),
    noise: false,
    attributes: new Map([["temperature", "0.2"]]),
    truncated: false,
    counted: true,
    duplicateOf: "",
    ...changes,
  };
}

import type { ServerResponse } from "node:http";
import type { AssessmentOut, IngestHealth, MetricsQuery, ProjectOut, ServerInfo, TraceSearch, TraceSummary } from "@telltale/model/api";
import { answerMetrics } from "./fixture-metrics.ts";
import { columnsOf } from "./fixture-columns.ts";
import { skeletonOf } from "./fixture-spans.ts";
import type { StoredTrace } from "./fixture-summary.ts";
import { makeHugeTrace, makeTrace, makeTraces } from "./fixture-traces.ts";
import { Random } from "./random.ts";

/** An answer that is an error. */
export class ProblemAnswer extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly errors: { field?: string; column?: number; message: string }[] = [],
  ) {
    super(message);
  }
}

const DOCS = [
  {
    slug: "getting-started",
    title: "Getting started",
    markdown:
      "# Getting started\n\nStart Telltale and point an application at it.\n\n```sh\nnpm start\n```\n\n| client | setting |\n|---|---|\n| MLflow | `mlflow.set_tracking_uri(...)` |\n| OpenTelemetry | `OTEL_EXPORTER_OTLP_ENDPOINT` |\n\n> A 200 means the spans are **durably stored**.\n\n1. Send a trace\n2. Open *Traces*\n   - filter it\n\nSee [filters](filter-language).\n\n<script>alert(1)</script>\n",
  },
  {
    slug: "filter-language",
    title: "The filter language",
    markdown: "# The filter language\n\n`model = 'gpt-5' AND duration_ms > 1000`\n\n## Fields\n\nEverything a trace knows.\n",
  },
];
const FACET_FIELDS: Record<string, (trace: TraceSummary) => (string | null)[]> = {
  status: (trace) => [trace.status],
  name: (trace) => [trace.name],
  model: (trace) => trace.models,
  tool: (trace) => trace.tools,
  environment: (trace) => [trace.environment],
  version: (trace) => [trace.version],
  user: (trace) => [trace.user],
  session: (trace) => [trace.session],
  service: (trace) => [trace.service],
};

/** The part of /api/v1 that the web uses, over traces in memory. Filters: `field = 'x'`, `!=`, `IN (…)`, `has_error = true`, `text ~ 'x'`, joined by AND. */
export class FixtureApi {
  url = "";
  traces: StoredTrace[];
  readonly projects: ProjectOut[];
  demo: ServerInfo["demo"] = { state: "absent", project_id: null, progress: 0 };
  problems: IngestHealth["problems"] = [];
  readonly #random = new Random(7);
  readonly #texts = new WeakMap<StoredTrace, string>();
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(options: { traces: number; nowMs: number }) {
    this.projects = ["Default", "support-bot", "search-ranking"].map((name, index) => ({
      id: String(index),
      name,
      lifecycle: "active",
      tags: {},
      created_at: "2026-11-01T09:00:00Z",
      updated_at: "2026-11-01T09:00:00Z",
    }));
    this.traces = options.traces === 0 ? [] : [...makeTraces(1, options.traces, options.nowMs, "0"), makeHugeTrace(50_000, options.nowMs - 3_600_000, "0")];
    this.traces.sort((a, b) => (a.trace.start_time < b.trace.start_time ? 1 : -1));
    if (options.traces > 0) this.problems = sampleProblems(options.nowMs);
  }

  close(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }

  /** One more trace, now. */
  arrive(): TraceSummary {
    const made = makeTrace(this.#random, Date.now() - 2_000, "0", this.#random.integer(0, 99));
    this.traces.unshift(made);
    return made.trace;
  }

  /** GET /traces/tail: a new trace every second or so. */
  stream(url: URL, response: ServerResponse): boolean {
    if (url.pathname !== "/api/v1/traces/tail") return false;
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    response.write(": open\n\n");
    const timer = setInterval(() => response.write(`event: traces\ndata: ${JSON.stringify({ data: [this.arrive()] })}\n\n`), 1_200);
    this.#timers.add(timer);
    response.on("close", () => {
      clearInterval(timer);
      this.#timers.delete(timer);
    });
    return true;
  }

  async answer(method: string, url: URL, body: unknown): Promise<unknown> {
    const [noun, id, part, partId] = url.pathname.slice("/api/v1/".length).split("/").map(decodeURIComponent);
    if (noun === "server") return this.server();
    if (noun === "demo") return this.changeDemo(method);
    if (noun === "projects") return method === "POST" ? this.createProject((body as { name: string }).name) : { data: this.projects, next_cursor: null };
    if (noun === "ingest") return this.health();
    if (noun === "docs")
      return id === undefined
        ? { data: DOCS.map(({ slug, title }) => ({ slug, title })) }
        : (DOCS.find((doc) => doc.slug === id) ?? missing(`no document "${id}"`));
    if (noun === "releases") return { data: [], has_more: false };
    if (noun === "overview") return { data: [], n: this.matching(body as TraceSearch).length, n_before: 0, before_from: (body as MetricsQuery).from };
    if (noun === "metrics") return this.metrics(body as MetricsQuery);
    if (noun !== "traces") return missing(`no route ${url.pathname}`);
    if (id === "search") return this.search(body as TraceSearch);
    if (id === "delete") return this.deleteBy((body as { filter: string }).filter);
    const found = this.traces.find((entry) => entry.trace.trace_id === id) ?? missing(`There is no trace ${id}`);
    if (part === undefined && method === "GET") return this.detail(found, url.searchParams.get("columns") === "true");
    if (part === "spans") return found.spans.find((span) => span.span_id === partId) ?? missing(`There is no span ${partId}`);
    if (part === "tags") return this.patchTags(found.trace, (body as { tags: Record<string, string | null> }).tags);
    if (part === "assessments") return this.assess(found.trace, method, partId, body as Partial<AssessmentOut>);
    return missing(`no route ${url.pathname}`);
  }

  private server(): ServerInfo {
    const port = new URL(this.url).port;
    return { version: "0.1.0", url: this.url, otlp_http: `http://127.0.0.1:${port}`, otlp_grpc: "http://127.0.0.1:4317", auth: "none", demo: this.demo };
  }

  private detail(found: StoredTrace, asColumns: boolean): unknown {
    const kept = this.#texts.get(found);
    if (asColumns && kept !== undefined) return kept;
    const spans = asColumns ? { columns: columnsOf(found.spans) } : { spans: found.spans.map(skeletonOf) };
    const answer = { trace: found.trace, ...spans, assessments: found.trace.assessments, diagnostics: [] };
    if (!asColumns || found.spans.length < 10_000) return answer;
    // The huge trace is for measuring the web, not this server: its text is made once.
    const text = JSON.stringify(answer);
    this.#texts.set(found, text);
    return text;
  }

  private metrics(query: MetricsQuery): unknown {
    return answerMetrics(query, this.matching(query));
  }

  private matching(search: Pick<TraceSearch, "filter" | "from" | "to" | "project_ids">): TraceSummary[] {
    const test = parseFilter(search.filter ?? "");
    const inWindow = this.traces.filter(
      ({ trace }) =>
        (search.from === undefined || trace.start_time >= search.from) &&
        (search.to === undefined || trace.start_time < search.to) &&
        (search.project_ids === undefined || search.project_ids.includes(trace.project_id)),
    );
    return inWindow.filter((entry) => test(entry)).map((entry) => entry.trace);
  }

  private search(search: TraceSearch): unknown {
    const matching = this.matching(search);
    const [order] = search.order_by ?? [];
    if (order !== undefined) sortTraces(matching, order);
    const from = search.cursor === undefined ? 0 : Number(search.cursor);
    const limit = search.limit ?? 50;
    return {
      data: matching.slice(from, from + limit),
      next_cursor: from + limit < matching.length ? String(from + limit) : null,
      ...(search.include?.includes("count") === true ? { count: matching.length } : {}),
      ...(search.include?.includes("facets") === true ? { facets: facetsOf(matching) } : {}),
    };
  }

  private deleteBy(filter: string): unknown {
    const test = parseFilter(filter);
    const before = this.traces.length;
    this.traces = this.traces.filter((entry) => !test(entry));
    return { deleted: before - this.traces.length };
  }

  private patchTags(trace: TraceSummary, tags: Record<string, string | null>): TraceSummary {
    for (const [key, value] of Object.entries(tags)) {
      if (value === null) delete trace.tags[key];
      else trace.tags[key] = value;
    }
    return trace;
  }

  private assess(trace: TraceSummary, method: string, id: string | undefined, body: Partial<AssessmentOut>): unknown {
    const at = trace.assessments.findIndex((entry) => entry.assessment_id === id);
    const old = trace.assessments[at];
    const now = new Date().toISOString();
    if (method === "DELETE") return void trace.assessments.splice(at, 1);
    if (method === "PATCH" && old !== undefined) return Object.assign(old, body, { updated_at: now });
    const made: AssessmentOut = {
      assessment_id: `a-${this.#random.hex(32)}`,
      trace_id: trace.trace_id,
      span_id: body.span_id ?? null,
      name: body.name ?? "feedback",
      kind: body.kind ?? "feedback",
      value: body.value,
      error: null,
      source: body.source ?? { type: "HUMAN", id: "me" },
      rationale: body.rationale ?? null,
      metadata: {},
      overrides: null,
      valid: true,
      created_at: now,
      updated_at: now,
    };
    trace.assessments.push(made);
    return made;
  }

  private createProject(name: string): ProjectOut {
    if (this.projects.some((project) => project.name === name)) throw new ProblemAnswer(409, "already_exists", `A project named "${name}" exists already`);
    const made: ProjectOut = {
      id: String(this.projects.length),
      name,
      lifecycle: "active",
      tags: {},
      created_at: new Date().toISOString(),
      updated_at: new Date().toISOString(),
    };
    this.projects.push(made);
    return made;
  }

  private changeDemo(method: string): ServerInfo["demo"] {
    this.demo = method === "DELETE" ? { state: "absent", project_id: null, progress: 0 } : { state: "present", project_id: "0", progress: 1 };
    this.traces = method === "DELETE" ? [] : makeTraces(2, 800, Date.now(), "0");
    return this.demo;
  }

  private health(): IngestHealth {
    const spans = this.traces.reduce((total, entry) => total + entry.spans.length, 0);
    return {
      since: new Date(Date.now() - 8_000_000).toISOString(),
      totals: {
        requests: this.traces.length * 2,
        spans,
        logs: 412,
        metric_points: 2_310,
        rejected_requests: this.problems.reduce((total, problem) => total + problem.count, 0),
        rejected_spans: 3,
        refused_overload: 0,
        duplicates: 41,
        late_spans: 12,
      },
      journal: { pending_records: 3, pending_bytes: 18_400, bytes_on_disk: 4_194_304, oldest_pending_s: 0.2, last_error: null },
      engine: { state: "ready", restarts: 0, rows: spans, bytes_on_disk: spans * 640 },
      disk: { free_bytes: 211_000_000_000, full: false },
      problems: this.problems,
      clients:
        this.traces.length === 0
          ? []
          : [
              { name: "mlflow-python 3.18.0", requests: 1_204, spans: 9_310, last_at: new Date(Date.now() - 4_000).toISOString() },
              { name: "OTel-OTLP-Exporter-Python/1.38.0", requests: 311, spans: 52_004, last_at: new Date(Date.now() - 61_000).toISOString() },
            ],
    };
  }
}

function sampleProblems(nowMs: number): IngestHealth["problems"] {
  const at = (ago: number): string => new Date(nowMs - ago).toISOString();
  return [
    {
      at: at(30_000),
      first_at: at(900_000),
      count: 14,
      route: "POST /v1/trace",
      code: "not_found",
      message: "POST /v1/trace is not a path of this server",
      hint: "OTLP over HTTP goes to /v1/traces (with an s). Set OTEL_EXPORTER_OTLP_ENDPOINT to the server's address without a path.",
      client: "OTel-OTLP-Exporter-JavaScript/0.208.0",
    },
    {
      at: at(400_000),
      first_at: at(400_000),
      count: 1,
      route: "POST /v1/traces",
      code: "body_malformed",
      message: "protobuf: field 2 of ResourceSpans claims 4096 bytes, 812 are left",
      hint: null,
      client: null,
    },
  ];
}

function missing(message: string): never {
  throw new ProblemAnswer(404, "not_found", message);
}

function facetsOf(traces: readonly TraceSummary[]): unknown {
  return Object.entries(FACET_FIELDS).map(([field, read]) => {
    const counts = new Map<string, number>();
    for (const trace of traces) for (const value of read(trace)) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
    return {
      field,
      values: [...counts]
        .map(([value, count]) => ({ value, count }))
        .toSorted((a, b) => b.count - a.count)
        .slice(0, 20),
    };
  });
}

function sortTraces(traces: TraceSummary[], order: string): void {
  const [key, direction] = order.split(" ");
  const read = (trace: TraceSummary): number | string => {
    if (key === "duration_ms") return trace.duration_ms;
    if (key === "cost_usd") return trace.cost_usd ?? -1;
    if (key === "tokens.total") return trace.tokens.total ?? -1;
    if (key === "name") return trace.name;
    if (key === "span_count") return trace.span_count;
    if (key === "error_count") return trace.error_count;
    return trace.start_time;
  };
  traces.sort((a, b) => (read(a) < read(b) ? -1 : 1) * (direction === "ASC" ? 1 : -1));
}

function parseFilter(filter: string): (entry: StoredTrace) => boolean {
  const clauses = filter.split(/\s+AND\s+/i).filter((part) => part.trim() !== "");
  const tests = clauses.map((clause) => parseClause(clause.trim(), filter.indexOf(clause)));
  return (entry) => tests.every((test) => test(entry));
}

function parseClause(clause: string, column: number): (entry: StoredTrace) => boolean {
  const match = /^([\w.]+)\s*(=|!=|>=|<=|>|<|~|IN|NOT IN)\s*(.+)$/i.exec(clause);
  const [, field = "", operator = "", right = ""] = match ?? [];
  const literals = [...right.matchAll(/'((?:[^']|'')*)'|([\w.]+)/g)].map((found) => (found[1] ?? found[2] ?? "").replaceAll("''", "'"));
  const numeric: Record<string, (trace: TraceSummary) => number> = {
    duration_ms: (trace) => trace.duration_ms,
    cost_usd: (trace) => trace.cost_usd ?? 0,
    error_count: (trace) => trace.error_count,
    span_count: (trace) => trace.span_count,
  };
  const number = numeric[field];
  if (field === "text")
    return ({ trace }) => literals.every((word) => `${trace.input_preview} ${trace.output_preview}`.toLowerCase().includes(word.toLowerCase()));
  if (field === "has_error") return ({ trace }) => trace.error_count > 0 === (literals[0] === "true");
  if (field === "trace_id") return ({ trace }) => literals.includes(trace.trace_id);
  if (number !== undefined) return ({ trace }) => compare(number(trace), operator, Number(literals[0]));
  const read = FACET_FIELDS[field];
  if (read === undefined)
    throw new ProblemAnswer(400, "filter_invalid", `unknown field "${field || clause}"; did you mean duration_ms?`, [
      { field: "filter", column, message: "unknown field" },
    ]);
  const exclude = operator === "!=" || operator.toUpperCase() === "NOT IN";
  return ({ trace }) => read(trace).some((value) => value !== null && literals.includes(value)) !== exclude;
}

function compare(left: number, operator: string, right: number): boolean {
  if (operator === ">") return left > right;
  if (operator === "<") return left < right;
  if (operator === ">=") return left >= right;
  if (operator === "<=") return left <= right;
  return operator === "!=" ? left !== right : left === right;
}

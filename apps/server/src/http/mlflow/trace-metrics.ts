import { parseFilter, type Filter } from "@telltale/model/filter";
import type { FigureName, MetricsPoint, MetricsQuestion, RowClause } from "@telltale/store";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { scopeWithin } from "./access.ts";
import type { MlflowDeps } from "./deps.ts";
import { invalidParameter } from "./errors.ts";
import { doubleText, JsonText } from "./json-text.ts";
import { Int64, jsonBody, maybe, parseRequest, RequiredText } from "./request.ts";
import type { MlflowRoute } from "./route-table.ts";
import { dimensionsOf, type MlflowMetric, metricsOf, views } from "./trace-metric-names.ts";

const QueryTraceMetrics = z.object({
  experiment_ids: z.array(z.string()).min(1).max(1000),
  view_type: RequiredText,
  metric_name: RequiredText,
  aggregations: z
    .array(z.object({ aggregation_type: RequiredText, percentile_value: maybe(z.number().min(0).max(100)) }))
    .min(1)
    .max(20),
  dimensions: maybe(z.array(z.string()).max(3)),
  filters: maybe(z.array(z.string().max(5000)).max(20)),
  time_interval_seconds: maybe(Int64),
  start_time_ms: maybe(Int64),
  end_time_ms: maybe(Int64),
  max_results: maybe(Int64),
  page_token: maybe(z.string().max(20)),
});
type Sent = z.output<typeof QueryTraceMetrics>;

const MAX_RESULTS = 1000;
/** Before the year 2106, where the store's hours end. */
const LAST_MS = 4_294_967_295_000;

/** What MLflow's `query_trace_metrics` and its charts ask, answered by the metrics API. Times are about the start of the trace. */
export function traceMetricRoutes(deps: MlflowDeps): MlflowRoute[] {
  return [{ method: "POST", path: "3.0/mlflow/traces/metrics", handle: (request) => queryTraceMetrics(deps, request) }];
}

async function queryTraceMetrics(deps: MlflowDeps, request: FastifyRequest): Promise<unknown> {
  const sent = parseRequest(QueryTraceMetrics, jsonBody(request));
  const metric = metricOf(sent);
  const aggregations = sent.aggregations.map((one) => aggregationOf(one, metric));
  const fields = dimensionsOf(sent.view_type, sent.dimensions ?? []);
  const { filter, which } = filtersOf(sent);
  await deps.ingest.readable();
  const { points } = await deps.traces.queryMetrics(
    {
      scope: scopeWithin(deps.scopeOf(request), sent.experiment_ids),
      metric: metric.name,
      perCall: metric.isPerCall,
      aggregations: [...new Set(aggregations.map(({ name }) => name))],
      groupBy: fields.map(({ field }) => field),
      orderBy: "count",
      limit: groupLimit(sent),
      filter,
      which,
      ...windowOf(sent),
    },
    request.signal,
  );
  const known = points.filter((point) => point.n > 0 && !point.isRest && fields.every(({ field }) => point.group[field] !== "unknown"));
  const offset = Number(sent.page_token ?? 0);
  const count = Math.min(sent.max_results ?? MAX_RESULTS, MAX_RESULTS);
  if (!Number.isSafeInteger(offset) || offset < 0) throw invalidParameter("Invalid page_token");
  return {
    data_points: known
      .toSorted(byTimeAndGroup)
      .slice(offset, offset + count)
      .map((point) => dataPoint(sent.metric_name, point, aggregations, fields)),
    ...(known.length > offset + count ? { next_page_token: String(offset + count) } : {}),
  };
}

function metricOf({ view_type: view, metric_name: name }: Sent): MlflowMetric {
  const metrics = metricsOf(view);
  if (metrics === undefined) throw invalidParameter(`view_type must be one of ${listed(Object.keys(views))}, got '${view.slice(0, 100)}'`);
  const metric = metrics[name];
  if (metric === undefined) throw invalidParameter(`metric_name must be one of ${listed(Object.keys(metrics))}, got '${name.slice(0, 100)}'`);
  return metric;
}

interface Aggregation {
  name: FigureName;
  /** As it is called in the answer: `AVG`, `P95.0`. */
  label: string;
}

function aggregationOf({ aggregation_type: type, percentile_value: percentile }: Sent["aggregations"][number], metric: MlflowMetric): Aggregation {
  if (!metric.aggregations.includes(type))
    throw invalidParameter(`Found invalid aggregation_type(s): ${listed([type.slice(0, 100)])}. Supported aggregation types: ${listed(metric.aggregations)}`);
  if (type !== "PERCENTILE") return { name: type.toLowerCase() as FigureName, label: type };
  if (percentile === undefined) throw invalidParameter("percentile_value is required for PERCENTILE aggregation");
  return { name: `p${percentile}`, label: `P${doubleText(percentile)}` };
}

/** Each is one comparison by `=`: about the trace, or about the rows of the view. */
function filtersOf({ filters = [], view_type: view }: Sent): { filter: Filter | undefined; which: RowClause[] } {
  const which: RowClause[] = [];
  const ofTraces: Filter[] = [];
  for (const text of filters) {
    const [, entity, field, value] = /^\s*(span|assessment)\.(name|status|type)\s*=\s*'((?:[^']|'')*)'\s*$/.exec(text) ?? [];
    if (entity === undefined) {
      const clause = parseFilter(text.replace(/^\s*trace\.(?=(?:tag|metadata)\.)/, ""));
      if (clause?.kind !== "compare" || clause.op !== "=") throw invalidParameter(`Invalid filter '${text.slice(0, 200)}': only field = 'value' is possible`);
      ofTraces.push(clause);
      continue;
    }
    const clause = `${entity}_${entity === "assessment" && field === "type" ? "kind" : field}` as RowClause["field"];
    if (views[view as keyof typeof views].rows !== entity || (clause as string) === "assessment_status")
      throw invalidParameter(`Invalid filter '${text.slice(0, 200)}' for view_type ${view}`);
    which.push({ field: clause, value: clause === "assessment_kind" ? (value ?? "").toLowerCase() : (value ?? "").replaceAll("''", "'") });
  }
  return { filter: ofTraces.length > 1 ? { kind: "and", items: ofTraces } : ofTraces[0], which };
}

function windowOf({ time_interval_seconds: interval, start_time_ms: start, end_time_ms: end }: Sent): Pick<MetricsQuestion, "interval" | "fromNs" | "toNs"> {
  if (interval !== undefined && (start === undefined || end === undefined))
    throw invalidParameter("start_time_ms and end_time_ms are required if time_interval_seconds is set");
  if (interval !== undefined && interval <= 0) throw invalidParameter("time_interval_seconds must be positive");
  const ns = (ms: number): bigint => BigInt(Math.min(Math.max(ms, 0), LAST_MS)) * 1_000_000n;
  return { interval: interval === undefined ? undefined : `${interval}s`, fromNs: ns(start ?? 0), toNs: ns((end ?? LAST_MS) + 1) };
}

/** As many groups as fit into the points that one question may have. */
function groupLimit({ time_interval_seconds: interval, start_time_ms: start = 0, end_time_ms: end = 0 }: Sent): number {
  const steps = interval === undefined ? 1 : Math.ceil((end - start) / 1000 / interval) + 2;
  return Math.max(1, Math.min(MAX_RESULTS, Math.floor(100_000 / steps) - 1));
}

function byTimeAndGroup(a: MetricsPoint, b: MetricsPoint): number {
  const [x, y] = [a.timeNs ?? 0n, b.timeNs ?? 0n];
  if (x !== y) return x < y ? -1 : 1;
  const [g, h] = [Object.values(a.group).join("\0"), Object.values(b.group).join("\0")];
  return g === h ? 0 : g < h ? -1 : 1;
}

function dataPoint(metricName: string, point: MetricsPoint, aggregations: readonly Aggregation[], fields: ReturnType<typeof dimensionsOf>): unknown {
  const dimensions = {
    ...(point.timeNs === undefined ? {} : { time_bucket: new Date(Number(point.timeNs / 1_000_000n)).toISOString().replace(/\.\d+Z$/, "+00:00") }),
    ...Object.fromEntries(fields.map(({ name, field, write }) => [name, write(point.group[field] ?? "")])),
  };
  return {
    metric_name: metricName,
    ...(Object.keys(dimensions).length > 0 ? { dimensions } : {}),
    values: Object.fromEntries(aggregations.map(({ name, label }) => [label, new JsonText(doubleText(point.values[name] ?? 0))])),
  };
}

/** As Python writes a list of texts. */
function listed(texts: readonly string[]): string {
  return `[${texts.map((text) => `'${text}'`).join(", ")}]`;
}

import type { Aggregation, MetricName, MetricsAnswer, MetricsPoint, MetricsQuery, TraceSummary } from "@telltale/model/api";

const UNITS: Partial<Record<MetricName, MetricsAnswer["unit"]>> = {
  error_rate: "ratio",
  latency_ms: "ms",
  ttft_ms: "ms",
  cost_usd: "usd",
  trace_count: "count",
};
const STEP_MS: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 };

/** POST /metrics/query over traces in memory, for work on pages without a server: metrics of traces, groups of what a trace carries. */
export function answerMetrics(query: MetricsQuery, traces: readonly TraceSummary[]): MetricsAnswer {
  const { metric, from, to, interval, group_by: fields = [], limit = 20 } = query;
  const unit = UNITS[metric] ?? "tokens";
  const aggregations: readonly Aggregation[] = query.aggregations ?? [unit === "count" ? "count" : unit === "ms" ? "p95" : unit === "ratio" ? "avg" : "sum"];
  const stepMs = interval === undefined ? undefined : Number(interval.slice(0, -1)) * (STEP_MS[interval.at(-1) ?? ""] ?? 1);
  const groups = new Map<string, { group: Record<string, string>; traces: TraceSummary[] }>();
  if (fields.length === 0) groups.set("", { group: {}, traces: [...traces] });
  for (const trace of fields.length === 0 ? [] : traces) {
    const group = Object.fromEntries(fields.map((field) => [field, valueOf(trace, field)]));
    const key = Object.values(group).join("\0");
    const entry = groups.get(key) ?? { group, traces: [] };
    entry.traces.push(trace);
    groups.set(key, entry);
  }
  const ranked = [...groups.values()].toSorted((a, b) => b.traces.length - a.traces.length).slice(0, limit);
  const data = ranked.flatMap(({ group, traces: members }) => {
    if (stepMs === undefined) return [pointOf(null, group, members)];
    const points: MetricsPoint[] = [];
    for (let start = Math.floor(Date.parse(from) / stepMs) * stepMs; start < Date.parse(to); start += stepMs) {
      const inStep = members.filter(({ start_time: time }) => Date.parse(time) >= start && Date.parse(time) < start + stepMs);
      points.push(pointOf(new Date(start).toISOString(), group, inStep));
    }
    return points;
  });
  return { metric, unit, of: "traces", data, partial: false, read_from: from };

  function pointOf(time: string | null, group: Record<string, string>, members: readonly TraceSummary[]): MetricsPoint {
    const known = members
      .map((trace) => measure(trace, metric))
      .filter((value) => value !== null)
      .toSorted((a, b) => a - b);
    return {
      time,
      group,
      values: Object.fromEntries(aggregations.map((name) => [name, aggregate(name, known)])),
      n: known.length,
      n_missing: members.length - known.length,
    };
  }
}

function measure(trace: TraceSummary, metric: MetricName): number | null {
  switch (metric) {
    case "trace_count":
      return 1;
    case "error_rate":
      return trace.status === "error" ? 1 : 0;
    case "latency_ms":
      return trace.duration_ms;
    case "ttft_ms":
      return trace.ttft_ms;
    case "cost_usd":
      return trace.cost_usd;
    case "input_tokens":
      return trace.tokens.input;
    case "output_tokens":
      return trace.tokens.output;
    default:
      return trace.tokens.total;
  }
}

function valueOf(trace: TraceSummary, field: string): string {
  const known: Record<string, string | null | undefined> = {
    route: trace.name,
    model: trace.models[0],
    user: trace.user,
    session: trace.session,
    environment: trace.environment,
    version: trace.version,
    service: trace.service,
    status: trace.status,
    tool: trace.tools[0],
    project: trace.project_id,
  };
  return known[field] ?? "unknown";
}

function aggregate(name: Aggregation, sorted: readonly number[]): number | null {
  const sum = sorted.reduce((total, value) => total + value, 0);
  if (name === "count") return sorted.length;
  if (name === "sum") return sum;
  if (sorted.length === 0) return null;
  if (name === "avg") return sum / sorted.length;
  const share = { min: 0, max: 1, p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99 }[name];
  return sorted[Math.round(share * (sorted.length - 1))] ?? null;
}

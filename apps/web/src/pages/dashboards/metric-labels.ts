import type { Aggregation, MetricName } from "@telltale/model/api";

/** What can be measured, in words; in the order in which the editor offers it. */
export const metricLabels: Record<MetricName, string> = {
  trace_count: "Traces",
  session_count: "Sessions",
  user_count: "Users",
  error_rate: "Error rate",
  latency_ms: "Latency",
  ttft_ms: "Time to first token",
  inter_token_ms: "Gap between tokens",
  cost_usd: "Cost",
  tokens: "Tokens",
  input_tokens: "Input tokens",
  output_tokens: "Output tokens",
  cached_tokens: "Cached tokens",
  cache_write_tokens: "Cache write tokens",
  reasoning_tokens: "Reasoning tokens",
  scored_rate: "Share of traces scored",
  assessment_value: "Feedback value",
  assessment_count: "Feedback count",
  detection_count: "Detections",
  span_count: "Spans",
  span_error_rate: "Error rate of spans",
  span_latency_ms: "Latency of spans",
};

/** What the metrics API answers when no aggregation is named. */
export function defaultAggregations(metric: MetricName): Aggregation[] {
  return possibleAggregations(metric).slice(0, metric.endsWith("_ms") ? 3 : 1);
}

/** Those that mean something for a metric, the default first. */
export function possibleAggregations(metric: MetricName): Aggregation[] {
  if (metric.endsWith("_count")) return ["count"];
  if (metric.endsWith("_rate")) return ["avg", "sum"];
  if (metric.endsWith("_ms")) return ["p50", "p95", "p99", "avg", "min", "max", "p90"];
  return [
    metric === "assessment_value" ? "avg" : "sum",
    ...(["min", "max", "p50", "p90", "p95", "p99"] as const),
    metric === "assessment_value" ? "sum" : "avg",
  ];
}

export const aggregationLabels: Record<Aggregation, string> = {
  count: "count",
  sum: "sum",
  avg: "average",
  min: "lowest",
  max: "highest",
  p50: "p50",
  p90: "p90",
  p95: "p95",
  p99: "p99",
};

/** What figures can be grouped by; `tags.<key>` and `metadata.<key>` are typed. */
export const groupLabels: Record<string, string> = {
  model: "Model",
  provider: "Provider",
  route: "Route (trace name)",
  service: "Service",
  environment: "Environment",
  version: "Version",
  user: "User",
  session: "Session",
  status: "Status",
  tool: "Tool",
  agent: "Agent",
  prompt: "Prompt",
  kind: "Kind of span",
  span_name: "Name of span",
  error_type: "Type of error",
  label: "Label",
  project: "Project",
  scorer: "Name of feedback",
  source: "Source of feedback",
  value: "Value of feedback",
};

/** `Latency p95`, `Cost`: an aggregation is only said where it is not the obvious one. */
export function measureLabel(metric: MetricName, aggregation: Aggregation): string {
  const obvious = defaultAggregations(metric);
  return obvious.length === 1 && obvious[0] === aggregation ? metricLabels[metric] : `${metricLabels[metric]}, ${aggregationLabels[aggregation]}`;
}

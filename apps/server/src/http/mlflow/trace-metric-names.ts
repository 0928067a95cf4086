import type { MetricName } from "@telltale/model/api";
import { invalidParameter } from "./errors.ts";

export interface MlflowMetric {
  name: MetricName;
  aggregations: readonly string[];
  /** Of model calls rather than of traces. */
  isPerCall: boolean;
}

const COUNT = ["COUNT"];
const TIMES = ["AVG", "MAX", "MIN", "PERCENTILE"];
const SUMS = ["AVG", "MAX", "MIN", "PERCENTILE", "SUM"];
const metric = (name: MetricName, aggregations: readonly string[], isPerCall = false): MlflowMetric => ({ name, aggregations, isPerCall });

/** MLflow's views, with their metrics as ours. `rows`: what filters may narrow besides traces. */
export const views = {
  TRACES: {
    rows: "trace",
    metrics: {
      trace_count: metric("trace_count", COUNT),
      session_count: metric("session_count", COUNT),
      latency: metric("latency_ms", TIMES),
      input_tokens: metric("input_tokens", SUMS),
      output_tokens: metric("output_tokens", SUMS),
      total_tokens: metric("tokens", SUMS),
      cache_read_input_tokens: metric("cached_tokens", SUMS),
      cache_creation_input_tokens: metric("cache_write_tokens", SUMS),
    },
  },
  SPANS: {
    rows: "span",
    // The cost of a call is one sum with us: of input and output together.
    metrics: { span_count: metric("span_count", COUNT), latency: metric("span_latency_ms", TIMES), total_cost: metric("cost_usd", SUMS, true) },
  },
  ASSESSMENTS: { rows: "assessment", metrics: { assessment_count: metric("assessment_count", COUNT), assessment_value: metric("assessment_value", TIMES) } },
} as const satisfies Record<string, { rows: string; metrics: Record<string, MlflowMetric> }>;

export function metricsOf(view: string): Readonly<Record<string, MlflowMetric>> | undefined {
  return view in views ? views[view as keyof typeof views].metrics : undefined;
}

interface Dimension {
  name: string;
  /** Field of `groupBy`. */
  field: string;
  write: (value: string) => string;
}

const same = (value: string): string => value;
const statuses: Readonly<Record<string, string>> = { ok: "OK", error: "ERROR", in_progress: "IN_PROGRESS", unset: "STATE_UNSPECIFIED" };
const dimensions: Readonly<Record<string, readonly Dimension[]>> = {
  TRACES: [
    { name: "trace_name", field: "route", write: same },
    { name: "trace_status", field: "status", write: (value) => statuses[value] ?? value },
  ],
  SPANS: [
    { name: "span_name", field: "span_name", write: same },
    { name: "span_type", field: "span_type", write: same },
    { name: "span_status", field: "span_status", write: same },
    { name: "span_model_name", field: "model", write: same },
    { name: "span_model_provider", field: "provider", write: same },
  ],
  ASSESSMENTS: [
    { name: "assessment_name", field: "assessment_name", write: same },
    { name: "assessment_value", field: "assessment_json", write: same },
  ],
};

export function dimensionsOf(view: string, names: readonly string[]): Dimension[] {
  const known = dimensions[view] ?? [];
  return names.map((name) => {
    const found = known.find((dimension) => dimension.name === name);
    if (found === undefined)
      throw invalidParameter(
        `Found invalid dimension(s): ['${name.slice(0, 100)}']. Supported dimensions: [${known.map((one) => `'${one.name}'`).join(", ")}]`,
      );
    return found;
  });
}

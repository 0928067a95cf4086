import type { Attributes } from "./attribute-value.ts";
import type { Resource, Scope } from "./raw-span.ts";

/** One OTLP metric data point. Histograms keep bounds and counts; sums and gauges only `value`. */
export interface MetricPoint {
  name: string;
  unit: string;
  type: "gauge" | "sum" | "histogram" | "exponential_histogram" | "summary";
  timeNs: bigint;
  startNs: bigint;
  value: number;
  count: number;
  sum: number;
  bounds: number[];
  bucketCounts: number[];
  attributes: Attributes;
  resource: Resource;
  scope: Scope;
}

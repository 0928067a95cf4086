import { TelltaleError, type MetricPoint, type Resource, type Scope } from "@telltale/model";
import protobuf from "protobufjs/light.js";
import { JsonAttributeReader } from "./any-value-json.ts";
import { decodeLimits, type DecodeLimits } from "./decode-limits.ts";
import { otlpMessage } from "./descriptor.ts";
import { type JsonObject, list, object, parseJsonBody } from "./json-body.ts";
import { field, text, UnreadableField } from "./json-fields.ts";
import { metricPoint, type MetricType } from "./metric-point.ts";
import { noRejected, reject, type Rejected } from "./rejected.ts";
import { resourceOf, scopeOf } from "./resource-json.ts";
import type { OtlpFormat } from "./traces.ts";

const dataNames: [camel: string, snake: string, type: MetricType][] = [
  ["gauge", "gauge", "gauge"],
  ["sum", "sum", "sum"],
  ["histogram", "histogram", "histogram"],
  ["exponentialHistogram", "exponential_histogram", "exponential_histogram"],
  ["summary", "summary", "summary"],
];

interface Metric {
  name: string;
  unit: string;
  resource: Resource;
  scope: Scope;
}

/**
 * Decodes an OTLP ExportMetricsServiceRequest into its data points. protobufjs turns protobuf into the shape of OTLP/JSON
 * (metrics are few: one reader for both forms is worth more than speed). As `decodeTraces`: throws only `body_malformed`,
 * a point that cannot be taken is counted. Points flagged "no recorded value" say nothing and are passed over.
 */
export function decodeMetrics(body: Uint8Array, format: OtlpFormat, limits: Partial<DecodeLimits> = {}): { points: MetricPoint[]; rejected: Rejected } {
  const bounds = decodeLimits(limits);
  const attributes = new JsonAttributeReader(bounds);
  const points: MetricPoint[] = [];
  const rejected = noRejected();
  const request = format === "json" ? parseJsonBody(body) : protobufAsJson(body);
  for (const given of list(field(request, "resourceMetrics", "resource_metrics"), "resourceMetrics")) {
    const resourceMetrics = object(given, "an item of resourceMetrics");
    const resource = resourceOf(attributes, resourceMetrics);
    for (const item of list(field(resourceMetrics, "scopeMetrics", "scope_metrics"), "scopeMetrics")) {
      const scopeMetrics = object(item, "an item of scopeMetrics");
      const scope = scopeOf(attributes, scopeMetrics);
      for (const metric of list(scopeMetrics.metrics, "metrics")) readMetric(object(metric, "an item of metrics"), resource, scope);
    }
  }
  return { points, rejected };

  function readMetric(given: JsonObject, resource: Resource, scope: Scope): void {
    const metric: Metric = {
      name: typeof given.name === "string" ? text(given.name, "name") : "",
      unit: typeof given.unit === "string" ? given.unit : "",
      resource,
      scope,
    };
    for (const [camel, snake, type] of dataNames) {
      const data = field(given, camel, snake);
      if (data === undefined || data === null) continue;
      const points = list(field(object(data, `${camel} of a metric`), "dataPoints", "data_points"), "dataPoints");
      for (const point of points) {
        const reason = take(metric, type, object(point, "an item of dataPoints"));
        if (reason !== undefined) reject(rejected, reason);
      }
    }
  }

  function take(metric: Metric, type: MetricType, given: JsonObject): string | undefined {
    if (metric.name === "") return "the metric has no name";
    if (points.length >= bounds.maxItems) return `more than ${bounds.maxItems} metric points in one request`;
    try {
      attributes.reset();
      const point = metricPoint(type, given, metric, attributes);
      if (point !== undefined) points.push(point);
      return undefined;
    } catch (error) {
      if (error instanceof UnreadableField) return error.message;
      throw error;
    }
  }
}

function protobufAsJson(body: Uint8Array): JsonObject {
  const type = otlpMessage("ExportMetricsServiceRequest");
  const reader = protobuf.Reader.create(body);
  try {
    return type.toObject(type.decode(reader), { longs: String, bytes: String });
  } catch (error) {
    throw new TelltaleError("body_malformed", `The body is not valid OTLP protobuf: it cannot be read past byte ${reader.pos}.`, { cause: error });
  }
}

import protobuf from "protobufjs/light.js";

type Field = [name: string, type: string, id: number];

/** `name*` = repeated, `name?` = optional, `name|oneof` = member of that oneof. */
function message(...fields: Field[]): protobuf.IType {
  const type: protobuf.IType = { fields: {} };
  for (const [spec, kind, id] of fields) {
    const [bare = "", oneof] = spec.split("|");
    const name = bare.replace(/[*?]$/, "");
    type.fields[name] = {
      type: kind,
      id,
      ...(bare.endsWith("*") ? { rule: "repeated" } : {}),
      ...(bare.endsWith("?") ? { options: { proto3_optional: true } } : {}),
    };
    const group = oneof ?? (bare.endsWith("?") ? `_${name}` : undefined);
    if (group !== undefined) ((type.oneofs ??= {})[group] ??= { oneof: [] }).oneof.push(name);
  }
  return type;
}

const common = {
  AnyValue: message(
    ["stringValue|value", "string", 1],
    ["boolValue|value", "bool", 2],
    ["intValue|value", "int64", 3],
    ["doubleValue|value", "double", 4],
    ["arrayValue|value", "ArrayValue", 5],
    ["kvlistValue|value", "KeyValueList", 6],
    ["bytesValue|value", "bytes", 7],
  ),
  ArrayValue: message(["values*", "AnyValue", 1]),
  KeyValueList: message(["values*", "KeyValue", 1]),
  KeyValue: message(["key", "string", 1], ["value", "AnyValue", 2]),
  InstrumentationScope: message(["name", "string", 1], ["version", "string", 2], ["attributes*", "KeyValue", 3], ["droppedAttributesCount", "uint32", 4]),
  Resource: message(["attributes*", "KeyValue", 1], ["droppedAttributesCount", "uint32", 2]),
};

const trace = {
  ExportTraceServiceRequest: message(["resourceSpans*", "ResourceSpans", 1]),
  ResourceSpans: message(["resource", "Resource", 1], ["scopeSpans*", "ScopeSpans", 2], ["schemaUrl", "string", 3]),
  ScopeSpans: message(["scope", "InstrumentationScope", 1], ["spans*", "Span", 2], ["schemaUrl", "string", 3]),
  Span: message(
    ["traceId", "bytes", 1],
    ["spanId", "bytes", 2],
    ["traceState", "string", 3],
    ["parentSpanId", "bytes", 4],
    ["name", "string", 5],
    ["kind", "int32", 6], // enums as int32: an unknown value is data, not an error
    ["startTimeUnixNano", "fixed64", 7],
    ["endTimeUnixNano", "fixed64", 8],
    ["attributes*", "KeyValue", 9],
    ["droppedAttributesCount", "uint32", 10],
    ["events*", "Event", 11],
    ["droppedEventsCount", "uint32", 12],
    ["links*", "Link", 13],
    ["droppedLinksCount", "uint32", 14],
    ["status", "Status", 15],
    ["flags", "fixed32", 16],
  ),
  Event: message(["timeUnixNano", "fixed64", 1], ["name", "string", 2], ["attributes*", "KeyValue", 3], ["droppedAttributesCount", "uint32", 4]),
  Link: message(
    ["traceId", "bytes", 1],
    ["spanId", "bytes", 2],
    ["traceState", "string", 3],
    ["attributes*", "KeyValue", 4],
    ["droppedAttributesCount", "uint32", 5],
    ["flags", "fixed32", 6],
  ),
  Status: message(["message", "string", 2], ["code", "int32", 3]),
};

const logs = {
  ExportLogsServiceRequest: message(["resourceLogs*", "ResourceLogs", 1]),
  ResourceLogs: message(["resource", "Resource", 1], ["scopeLogs*", "ScopeLogs", 2], ["schemaUrl", "string", 3]),
  ScopeLogs: message(["scope", "InstrumentationScope", 1], ["logRecords*", "LogRecord", 2], ["schemaUrl", "string", 3]),
  LogRecord: message(
    ["timeUnixNano", "fixed64", 1],
    ["severityNumber", "int32", 2],
    ["severityText", "string", 3],
    ["body", "AnyValue", 5],
    ["attributes*", "KeyValue", 6],
    ["droppedAttributesCount", "uint32", 7],
    ["flags", "fixed32", 8],
    ["traceId", "bytes", 9],
    ["spanId", "bytes", 10],
    ["observedTimeUnixNano", "fixed64", 11],
    ["eventName", "string", 12],
  ),
};

const point: Field[] = [
  ["startTimeUnixNano", "fixed64", 2],
  ["timeUnixNano", "fixed64", 3],
];

const metrics = {
  ExportMetricsServiceRequest: message(["resourceMetrics*", "ResourceMetrics", 1]),
  ResourceMetrics: message(["resource", "Resource", 1], ["scopeMetrics*", "ScopeMetrics", 2], ["schemaUrl", "string", 3]),
  ScopeMetrics: message(["scope", "InstrumentationScope", 1], ["metrics*", "Metric", 2], ["schemaUrl", "string", 3]),
  Metric: message(
    ["name", "string", 1],
    ["description", "string", 2],
    ["unit", "string", 3],
    ["gauge|data", "Gauge", 5],
    ["sum|data", "Sum", 7],
    ["histogram|data", "Histogram", 9],
    ["exponentialHistogram|data", "ExponentialHistogram", 10],
    ["summary|data", "Summary", 11],
  ),
  Gauge: message(["dataPoints*", "NumberDataPoint", 1]),
  Sum: message(["dataPoints*", "NumberDataPoint", 1], ["aggregationTemporality", "int32", 2], ["isMonotonic", "bool", 3]),
  Histogram: message(["dataPoints*", "HistogramDataPoint", 1], ["aggregationTemporality", "int32", 2]),
  ExponentialHistogram: message(["dataPoints*", "ExponentialHistogramDataPoint", 1], ["aggregationTemporality", "int32", 2]),
  Summary: message(["dataPoints*", "SummaryDataPoint", 1]),
  NumberDataPoint: message(...point, ["asDouble|value", "double", 4], ["asInt|value", "sfixed64", 6], ["attributes*", "KeyValue", 7], ["flags", "uint32", 8]),
  HistogramDataPoint: message(
    ...point,
    ["count", "fixed64", 4],
    ["sum?", "double", 5],
    ["bucketCounts*", "fixed64", 6],
    ["explicitBounds*", "double", 7],
    ["attributes*", "KeyValue", 9],
    ["flags", "uint32", 10],
    ["min?", "double", 11],
    ["max?", "double", 12],
  ),
  ExponentialHistogramDataPoint: message(
    ["attributes*", "KeyValue", 1],
    ...point,
    ["count", "fixed64", 4],
    ["sum?", "double", 5],
    ["scale", "sint32", 6],
    ["zeroCount", "fixed64", 7],
    ["positive", "Buckets", 8],
    ["negative", "Buckets", 9],
    ["flags", "uint32", 10],
    ["min?", "double", 12],
    ["max?", "double", 13],
    ["zeroThreshold", "double", 14],
  ),
  Buckets: message(["offset", "sint32", 1], ["bucketCounts*", "uint64", 2]),
  SummaryDataPoint: message(...point, ["count", "fixed64", 4], ["sum", "double", 5], ["attributes*", "KeyValue", 7], ["flags", "uint32", 8]),
};

const root = protobuf.Root.fromJSON({ nested: { ...common, ...trace, ...logs, ...metrics } });

/**
 * The OTLP messages (opentelemetry-proto 1.x) for protobufjs, field names as in OTLP/JSON. Decodes metrics; for traces and
 * logs it is the second opinion in tests and benchmarks, and the encoder of test requests.
 */
export function otlpMessage(name: keyof typeof common | keyof typeof trace | keyof typeof logs | keyof typeof metrics): protobuf.Type {
  return root.lookupType(name);
}

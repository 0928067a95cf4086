/**
 * Requests that were meant as OTLP and missed: what to tell the user. `undefined` for anything that was not.
 * The mistakes are those that exporters' configuration invites.
 */
export function misdirectedOtlpHint(method: string, path: string, contentType: string | undefined): string | undefined {
  const signal = /(trace|log|metric)s?\/?$/i.exec(path)?.[1]?.toLowerCase();
  const isProtobuf = /protobuf|grpc/i.test(contentType ?? "");
  if (/\/v1\/(traces|logs|metrics)\/v1\/(traces|logs|metrics)\/?$/.test(path)) {
    return "The path is there twice: OTEL_EXPORTER_OTLP_ENDPOINT is the address without /v1/traces; only OTEL_EXPORTER_OTLP_TRACES_ENDPOINT has the whole path";
  }
  if (/grpc/i.test(contentType ?? "") || path.includes(".collector.")) {
    return "This is gRPC on an HTTP port: use the gRPC port (4317 unless changed), or set OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf";
  }
  if (method !== "POST") return undefined;
  if (/^\/api\/v2\/spans\/?$/.test(path)) return "This is Zipkin's protocol; send OTLP to /v1/traces";
  if (/^\/api\/traces\/?$/.test(path)) return "This is Jaeger's protocol; send OTLP to /v1/traces";
  if (/^\/api\/public\/ingestion\/?$/.test(path))
    return "This is Langfuse's older ingestion API; use a Langfuse SDK that sends OpenTelemetry (Python 3 or JS 4 and later)";
  if (signal !== undefined) return `OTLP ${signal}s are received at POST /v1/${signal}s`;
  if (isProtobuf || path === "/") return "OTLP is received at POST /v1/traces, /v1/logs and /v1/metrics";
  return undefined;
}

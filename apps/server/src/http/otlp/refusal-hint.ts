/** What to tell the user beside the refusal of a request that carried OTLP, over HTTP or gRPC. `undefined`: the message says it all. */
export function refusalHint(code: string): string | undefined {
  switch (code) {
    case "encoding_unsupported":
      return "Set OTEL_EXPORTER_OTLP_COMPRESSION to gzip or none";
    case "content_type_unsupported":
      return "Set OTEL_EXPORTER_OTLP_PROTOCOL to http/protobuf or http/json";
    case "project_not_found":
      return "Create the experiment first (mlflow.set_experiment), or send x-telltale-project with a name";
    case "body_too_large":
      return "Send smaller batches (OTEL_BSP_MAX_EXPORT_BATCH_SIZE), or raise --max-body-mib";
    case "body_malformed":
      return "The body does not hold what its Content-Type and Content-Encoding say";
    case "overloaded":
      return "Exporters send again by themselves; nothing acknowledged is lost";
    case "disk_full":
      return "Free space on the disk of the data folder; receiving goes on by itself";
    case "store_unavailable":
      return "A database is starting or away; exporters send again by themselves";
    default:
      return undefined;
  }
}

/** A request that was taken in part, as a problem: the reasons are counted in the message. */
export function partlyRefused(message: string): { code: string; message: string; hint: string } {
  return {
    code: "partial_success",
    message,
    hint: "The rest of the request was stored. Let an OpenTelemetry SDK make ids and times, and check the sender's clock",
  };
}

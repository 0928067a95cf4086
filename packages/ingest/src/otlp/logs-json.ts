import type { RawLog, Resource, Scope } from "@telltale/model";
import { acceptLog } from "./accept-log.ts";
import { JsonAttributeReader } from "./any-value-json.ts";
import type { DecodeLimits } from "./decode-limits.ts";
import { type JsonObject, list, object, parseJsonBody } from "./json-body.ts";
import { field, hexId, int64, nanoseconds, text, uint32, UnreadableField } from "./json-fields.ts";
import { noRejected, reject, type Rejected } from "./rejected.ts";
import { resourceOf, scopeOf } from "./resource-json.ts";

const severityLevels = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"];

/** Reads an ExportLogsServiceRequest as OTLP/JSON; as `decodeTracesOtlpJson`. */
export function decodeLogsJson(body: Uint8Array, limits: DecodeLimits): { logs: RawLog[]; rejected: Rejected } {
  const attributes = new JsonAttributeReader(limits);
  const logs: RawLog[] = [];
  const rejected = noRejected();
  const request = parseJsonBody(body);
  for (const given of list(field(request, "resourceLogs", "resource_logs"), "resourceLogs")) {
    const resourceLogs = object(given, "an item of resourceLogs");
    const resource = resourceOf(attributes, resourceLogs);
    for (const item of list(field(resourceLogs, "scopeLogs", "scope_logs"), "scopeLogs")) {
      const scopeLogs = object(item, "an item of scopeLogs");
      const scope = scopeOf(attributes, scopeLogs);
      for (const record of list(field(scopeLogs, "logRecords", "log_records"), "logRecords")) {
        const reason =
          logs.length >= limits.maxItems
            ? `more than ${limits.maxItems} log records in one request`
            : take(object(record, "an item of logRecords"), resource, scope);
        if (reason !== undefined) reject(rejected, reason);
      }
    }
  }
  return { logs, rejected };

  function take(given: JsonObject, resource: Resource, scope: Scope): string | undefined {
    try {
      attributes.reset();
      const log = readLog(attributes, given, resource, scope);
      const observedNs = nanoseconds(field(given, "observedTimeUnixNano", "observed_time_unix_nano"), "the observed time of a log record");
      const dropped = attributes.droppedAttributes + attributes.droppedValues + uint32(field(given, "droppedAttributesCount", "dropped_attributes_count"));
      const reason = acceptLog(log, observedNs, dropped, limits);
      if (reason === undefined) logs.push(log);
      return reason;
    } catch (error) {
      if (error instanceof UnreadableField) return error.message;
      throw error;
    }
  }
}

function readLog(attributes: JsonAttributeReader, given: JsonObject, resource: Resource, scope: Scope): RawLog {
  return {
    traceId: hexId(field(given, "traceId", "trace_id"), 16, "the trace id of a log record"),
    spanId: hexId(field(given, "spanId", "span_id"), 8, "the span id of a log record"),
    timeNs: nanoseconds(field(given, "timeUnixNano", "time_unix_nano"), "the time of a log record"),
    eventName: text(field(given, "eventName", "event_name"), "the event name"),
    severity: severity(field(given, "severityNumber", "severity_number")),
    severityText: text(field(given, "severityText", "severity_text"), "the severity text"),
    body: given.body === undefined ? null : attributes.anyValue(given.body, 0),
    attributes: attributes.attributes(given.attributes),
    resource,
    scope,
  };
}

/** 1 … 24; by name `SEVERITY_NUMBER_INFO` = 9, `…_INFO2` = 10 and so on. */
function severity(given: unknown): number {
  const number = int64(given);
  if (typeof number === "number") return Math.min(Math.max(number, 0), 24);
  const name = typeof given === "string" ? /^SEVERITY_NUMBER_([A-Z]+)([234]?)$/.exec(given) : null;
  const level = name === null ? -1 : severityLevels.indexOf(name[1] ?? "");
  return level < 0 ? 0 : level * 4 + Number(name?.[2] || 1);
}

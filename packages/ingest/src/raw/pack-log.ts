import type { RawLog } from "@telltale/model";
import { packRaw } from "./pack-raw.ts";
import { unpackRaw } from "./unpack-raw.ts";

/**
 * A log record as JSON text for `span_logs.raw`; `unpackLog` gives the same record back. It is written as a span with
 * one event (the body), so that one format holds every attribute value there is.
 */
export function packLog(log: RawLog): string {
  return packRaw(
    {
      traceId: log.traceId,
      spanId: log.spanId,
      parentSpanId: `${log.traceId}/${log.spanId}`,
      traceState: log.severityText,
      flags: log.severity,
      name: log.eventName,
      otelKind: 0,
      startNs: log.timeNs,
      endNs: log.timeNs,
      attributes: log.attributes,
      events: [{ timeNs: log.timeNs, name: "body", attributes: new Map([["body", log.body]]) }],
      links: [],
      statusCode: 0,
      statusMessage: "",
      resource: log.resource,
      scope: log.scope,
    },
    "",
    "",
  );
}

export function unpackLog(text: string): RawLog {
  const raw = unpackRaw(text, { traceId: "", spanId: "" }, "", "");
  const [traceId = "", spanId = ""] = raw.parentSpanId.split("/");
  return {
    traceId,
    spanId,
    timeNs: raw.startNs,
    eventName: raw.name,
    severity: raw.flags,
    severityText: raw.traceState,
    body: raw.events[0]?.attributes.get("body") ?? null,
    attributes: raw.attributes,
    resource: raw.resource,
    scope: raw.scope,
  };
}

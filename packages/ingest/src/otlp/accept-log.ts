import type { RawLog } from "@telltale/model";
import { isSpanId, isTraceId, timeProblem } from "./accept-span.ts";
import type { DecodeLimits } from "./decode-limits.ts";

/**
 * Checks a decoded log record and makes it fit; returns why it cannot be taken, or `undefined`.
 * No time of its own: the time it was observed, else now (as the log data model asks). All-zero ids are no ids.
 */
export function acceptLog(log: RawLog, observedNs: bigint, droppedAttributes: number, limits: DecodeLimits): string | undefined {
  if (/^0*$/.test(log.traceId)) log.traceId = "";
  if (/^0*$/.test(log.spanId)) log.spanId = "";
  if (log.traceId !== "" && !isTraceId(log.traceId)) return "the trace id of a log record is not 16 bytes";
  if (log.spanId !== "" && !isSpanId(log.spanId)) return "the span id of a log record is not 8 bytes";
  if (log.timeNs === 0n) log.timeNs = observedNs;
  if (log.timeNs === 0n) log.timeNs = BigInt(Math.trunc(limits.nowMs)) * 1_000_000n;
  const reason = timeProblem("time of a log record", log.timeNs, limits);
  if (reason !== undefined) return reason;
  if (log.eventName === "") {
    const name = log.attributes.get("event.name");
    if (typeof name === "string") log.eventName = name;
  }
  if (droppedAttributes > 0) log.attributes.set("telltale.dropped_attributes", droppedAttributes);
  return undefined;
}

import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { ProblemLog } from "./problem-log.ts";
import type { StoreHealth } from "./store-health.ts";

export interface ServerMetrics {
  /** One answered request; `route` is the pattern, never the path. */
  answered(route: string, method: string, status: number, seconds: number): void;
  /** Prometheus text. */
  text(): Promise<string>;
  readonly contentType: string;
}

/** Metrics of the process. Nothing is counted twice: totals are read from where they are kept when Prometheus asks. */
export function serverMetrics(problems: ProblemLog, storeHealth: () => Promise<StoreHealth>, bodyBytesHeld: () => number): ServerMetrics {
  const registry = new Registry();
  const seconds = new Histogram({
    name: "telltale_http_request_seconds",
    help: "Time to answer an HTTP request",
    labelNames: ["route", "method", "status"],
    buckets: [0.005, 0.02, 0.1, 0.3, 1, 3, 10],
    registers: [registry],
  });
  const counters = storeCounters(registry);
  const gauges = storeGauges(registry);
  const held = new Gauge({ name: "telltale_request_body_bytes", help: "Request bodies held in memory now", registers: [registry] });
  const memory = new Gauge({ name: "process_resident_memory_bytes", help: "Resident memory of the server process", registers: [registry] });
  return {
    contentType: registry.contentType,
    answered: (route, method, status, took) => seconds.observe({ route, method, status: `${Math.floor(status / 100)}xx` }, took),
    text: async () => {
      const health = await storeHealth();
      counters(problems, health);
      gauges(health);
      held.set(bodyBytesHeld());
      memory.set(process.memoryUsage.rss());
      return registry.metrics();
    },
  };
}

function storeCounters(registry: Registry): (problems: ProblemLog, health: StoreHealth) => void {
  const counter = (name: string, help: string) => new Counter({ name, help, registers: [registry] });
  const received = counter("telltale_spans_received_total", "Spans acknowledged (on disk)");
  const rejected = counter("telltale_spans_rejected_total", "Spans refused inside accepted requests (partial success)");
  const stored = counter("telltale_store_blocks_total", "Blocks of spans written to the analytics store");
  const duplicates = counter("telltale_spans_duplicate_total", "Spans that arrived more than once");
  const late = counter("telltale_spans_late_total", "Spans that arrived after their trace was complete");
  const logs = counter("telltale_log_records_received_total", "Log records acknowledged");
  const points = counter("telltale_metric_points_received_total", "Metric points acknowledged");
  const refused = counter("telltale_requests_rejected_total", "Receive requests refused because of their content");
  const overload = counter("telltale_requests_overloaded_total", "Receive requests refused because of overload or a full disk");
  return ({ totals }, health) => {
    setTotal(received, totals.spans);
    setTotal(rejected, totals.rejectedSpans);
    setTotal(stored, health.storedBlocks);
    setTotal(duplicates, health.duplicates);
    setTotal(late, health.lateSpans);
    setTotal(logs, totals.logs);
    setTotal(points, totals.metricPoints);
    setTotal(refused, totals.rejectedRequests);
    setTotal(overload, totals.refusedOverload);
  };
}

function storeGauges(registry: Registry): (health: StoreHealth) => void {
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers: [registry] });
  const pending = gauge("telltale_journal_pending_records", "Journal records not yet in the store");
  const pendingBytes = gauge("telltale_journal_pending_bytes", "Bytes of journal records not yet in the store");
  const onDisk = gauge("telltale_journal_disk_bytes", "Bytes the journal takes on disk");
  const oldest = gauge("telltale_journal_oldest_pending_seconds", "Age of the oldest journal record not yet in the store");
  const restarts = gauge("telltale_engine_restarts", "Restarts of the analytics engine since start");
  const up = gauge("telltale_engine_up", "1 when the analytics engine answers");
  const full = gauge("telltale_disk_full", "1 while receiving is refused because the disk is full");
  return ({ journal, engine, disk }) => {
    pending.set(journal.pending_records);
    pendingBytes.set(journal.pending_bytes);
    onDisk.set(journal.bytes_on_disk);
    oldest.set(journal.oldest_pending_s);
    restarts.set(engine.restarts);
    up.set(engine.state === "ready" ? 1 : 0);
    full.set(disk.full ? 1 : 0);
  };
}

function setTotal(counter: Counter, total: number): void {
  counter.reset();
  counter.inc(total);
}

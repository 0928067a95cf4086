import type { Engine } from "../engine/engine.ts";
import { assessmentColumns } from "./rows/assessment-row.ts";
import { logColumns } from "./rows/log-row.ts";
import { metricColumns } from "./rows/metric-row.ts";
import { payloadColumns } from "./rows/payload-row.ts";
import { RowWriter } from "./rows/row-writer.ts";
import { spanColumns } from "./rows/span-row.ts";
import { traceColumns } from "./rows/trace-row.ts";

/** Rows that go to the store together. May be cleared and filled again once they are there. */
export class Block {
  readonly payloads = new RowWriter(1 << 20);
  readonly logs = new RowWriter(1 << 12);
  readonly metrics = new RowWriter(1 << 12);
  readonly assessments = new RowWriter(1 << 12);
  readonly spans = new RowWriter(1 << 19);
  readonly traces = new RowWriter(1 << 18);

  clear(): void {
    for (const rows of [this.payloads, this.logs, this.metrics, this.assessments, this.spans, this.traces]) rows.clear();
  }
}

/**
 * Stores a block. Content first, spans next, traces last: a trace that is listed can be opened. A retry after a crash
 * writes rows with the same keys and a newer version, which replace the first ones: nothing is counted twice.
 */
export async function writeBlock(engine: Engine, block: Block, token: string): Promise<void> {
  const steps: [string, readonly string[], RowWriter][] = [
    ["payloads", payloadColumns, block.payloads],
    ["span_logs", logColumns, block.logs],
    ["metric_points", metricColumns, block.metrics],
    ["spans", spanColumns, block.spans],
    ["assessments", assessmentColumns, block.assessments],
    ["traces", traceColumns, block.traces],
  ];
  for (const [table, columns, rows] of steps) {
    if (rows.rows > 0) await engine.insert(table, columns, rows.finish(), `${token}-${table}`);
  }
}

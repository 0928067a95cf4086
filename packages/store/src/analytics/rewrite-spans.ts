import type { Cost } from "@telltale/model";
import type { Engine } from "../engine/engine.ts";
import { spanColumns } from "./rows/span-row.ts";

/** A span already stored, found by its whole key. */
export interface StoredSpanKey {
  projectId: string;
  /** Hour under which the spans of the trace are stored (Unix seconds). */
  bucket: number;
  traceId: string;
  spanId: string;
}

export interface Recount extends StoredSpanKey {
  counted: boolean;
  duplicateOf: string;
}

export interface Reprice extends StoredSpanKey, Pick<Cost, "usd" | "source" | "priceVersion"> {}

const MAX_AT_ONCE = 500;
const KEY = "concat(trace_id, ':', span_id)";

/** De-duplication changed its mind about spans already stored (a late span arrived): their rows are written again. */
export async function recountSpans(engine: Engine, recounts: readonly Recount[], version: bigint): Promise<void> {
  const columns = {
    counted: `transform(${KEY}, {keys:Array(String)}, {counted:Array(UInt8)}, toUInt8(counted))`,
    duplicate_of: `transform(${KEY}, {keys:Array(String)}, {duplicates:Array(String)}, duplicate_of)`,
  };
  await rewriteSpans(engine, recounts, version, columns, (group) => ({
    counted: group.map((item) => (item.counted ? 1 : 0)),
    duplicates: group.map((item) => item.duplicateOf),
  }));
}

/** Spans already stored got another price: their rows are written again. */
export async function repriceSpans(engine: Engine, reprices: readonly Reprice[], version: bigint): Promise<void> {
  const columns = {
    // As text, where "" is NULL: an array of parameters cannot hold NULL.
    cost_usd: `toDecimal64OrNull(transform(${KEY}, {keys:Array(String)}, {costs:Array(String)}, ''), 9)`,
    cost_source: `transform(${KEY}, {keys:Array(String)}, {sources:Array(String)}, toString(cost_source))`,
    price_version: `transform(${KEY}, {keys:Array(String)}, {versions:Array(String)}, toString(price_version))`,
  };
  await rewriteSpans(engine, reprices, version, columns, (group) => ({
    costs: group.map((item) => nanoText(item.usd)),
    sources: group.map((item) => item.source),
    versions: group.map((item) => item.priceVersion),
  }));
}

/** USD as `writeSpanRow` rounds it: whole nano-dollars. */
function nanoText(usd: number | undefined): string {
  if (usd === undefined || !Number.isFinite(usd) || Math.abs(usd) >= 1e9) return "";
  const nano = BigInt(Math.round(usd * 1e9));
  const digits = String(nano).padStart(10, "0");
  return `${digits.slice(0, -9)}.${digits.slice(-9)}`;
}

async function rewriteSpans<Item extends StoredSpanKey>(
  engine: Engine,
  items: readonly Item[],
  version: bigint,
  columns: Readonly<Record<string, string>>,
  valuesOf: (group: readonly Item[]) => Record<string, (string | number)[]>,
): Promise<void> {
  const select = spanColumns.map((column) => (column === "version" ? "{version:UInt64}" : (columns[column] ?? column))).join(", ");
  for (let from = 0; from < items.length; from += MAX_AT_ONCE) {
    const group = items.slice(from, from + MAX_AT_ONCE);
    await engine.command(
      `INSERT INTO spans (${spanColumns.join(", ")}) SELECT ${select} FROM spans FINAL
       WHERE project_id IN {projects:Array(String)} AND toUInt32(bucket) IN {buckets:Array(UInt32)} AND trace_id IN {traces:Array(String)} AND ${KEY} IN {keys:Array(String)}`,
      {
        version,
        keys: group.map((item) => `${item.traceId}:${item.spanId}`),
        projects: [...new Set(group.map((item) => item.projectId))],
        buckets: [...new Set(group.map((item) => item.bucket))],
        traces: [...new Set(group.map((item) => item.traceId))],
        ...valuesOf(group),
      },
    );
  }
}

import type { MetricPoint } from "@telltale/model";
import type { RowWriter } from "./row-writer.ts";

export const metricColumns = [
  "project_id",
  "name",
  "service_name",
  "time",
  "start_time",
  "type",
  "unit",
  "attributes",
  "value",
  "count",
  "sum",
  "bounds",
  "bucket_counts",
  "point_id",
  "version",
] as const;

/** One row of `metric_points`. `attributes` = scalar attributes as text; `pointId` = hash over what identifies the point. */
export function writeMetricRow(
  out: RowWriter,
  projectId: string,
  point: MetricPoint,
  serviceName: string,
  attributes: ReadonlyMap<string, string>,
  pointId: string,
  version: bigint,
): void {
  out.rows += 1;
  out.string(projectId);
  out.string(point.name);
  out.string(serviceName);
  out.i64(point.timeNs);
  out.i64(point.startNs);
  out.string(point.type);
  out.string(point.unit);
  out.map(attributes);
  out.f64(point.value);
  out.u64(BigInt(Math.max(0, Math.round(point.count))));
  out.f64(point.sum);
  out.varint(point.bounds.length);
  for (const bound of point.bounds) out.f64(bound);
  out.varint(point.bucketCounts.length);
  for (const count of point.bucketCounts) out.u64(BigInt(Math.max(0, Math.round(count))));
  out.string(pointId);
  out.u64(version);
}

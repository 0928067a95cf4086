import type { Aggregation } from "@telltale/model/api";

/** What tiles and charts of times ask for, so that one answer serves both. */
export const timeAggregations: readonly Aggregation[] = ["p50", "p95", "p99"];

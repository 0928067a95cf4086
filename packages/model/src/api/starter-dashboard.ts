import type { z } from "zod";
import type { NewDashboard } from "./dashboards.ts";

/** What most people ask first of an application that calls models; made by one click, and there in the demo project. */
export const starterDashboard: Omit<z.input<typeof NewDashboard>, "project_id"> = {
  name: "LLM operations",
  description: "Traffic, failures, latency, cost and tokens, and where they come from.",
  tiles: [
    { id: "requests", title: "Requests", kind: "number", queries: [{ metric: "trace_count" }], layout: { x: 0, y: 0, w: 2, h: 2 } },
    { id: "errors", title: "Error rate", kind: "number", queries: [{ metric: "error_rate" }], layout: { x: 2, y: 0, w: 2, h: 2 } },
    { id: "latency", title: "Latency", kind: "number", queries: [{ metric: "latency_ms", aggregations: ["p95", "p50"] }], layout: { x: 4, y: 0, w: 2, h: 2 } },
    {
      id: "first-token",
      title: "First token",
      kind: "number",
      queries: [{ metric: "ttft_ms", aggregations: ["p95", "p50"] }],
      layout: { x: 6, y: 0, w: 2, h: 2 },
    },
    { id: "cost", title: "Cost", kind: "number", queries: [{ metric: "cost_usd" }], layout: { x: 8, y: 0, w: 2, h: 2 } },
    { id: "tokens", title: "Tokens", kind: "number", queries: [{ metric: "tokens" }], layout: { x: 10, y: 0, w: 2, h: 2 } },
    {
      id: "requests-by-status",
      title: "Requests by status",
      kind: "bars",
      queries: [{ metric: "trace_count", group_by: ["status"] }],
      layout: { x: 0, y: 2, w: 6, h: 4 },
    },
    {
      id: "latency-over-time",
      title: "Latency",
      kind: "line",
      queries: [{ metric: "latency_ms", aggregations: ["p50", "p95", "p99"] }],
      layout: { x: 6, y: 2, w: 6, h: 4 },
    },
    {
      id: "cost-by-model",
      title: "Cost by model",
      kind: "bars",
      queries: [{ metric: "cost_usd", group_by: ["model"], limit: 6 }],
      layout: { x: 0, y: 6, w: 6, h: 4 },
    },
    {
      id: "tokens-over-time",
      title: "Tokens",
      kind: "bars",
      queries: [
        { metric: "input_tokens", label: "Input" },
        { metric: "output_tokens", label: "Output" },
      ],
      layout: { x: 6, y: 6, w: 6, h: 4 },
    },
    {
      id: "slow-routes",
      title: "Slowest routes, p95",
      kind: "list",
      queries: [{ metric: "latency_ms", aggregations: ["p95"], group_by: ["route"], limit: 8 }],
      layout: { x: 0, y: 10, w: 4, h: 5 },
    },
    {
      id: "failing-routes",
      title: "Error rate by route",
      kind: "list",
      queries: [{ metric: "error_rate", group_by: ["route"], limit: 8 }],
      layout: { x: 4, y: 10, w: 4, h: 5 },
    },
    {
      id: "dear-users",
      title: "Cost by user",
      kind: "list",
      queries: [{ metric: "cost_usd", group_by: ["user"], limit: 8 }],
      layout: { x: 8, y: 10, w: 4, h: 5 },
    },
    {
      id: "models",
      title: "Models",
      kind: "table",
      queries: [
        { metric: "trace_count", group_by: ["model"], filter: "model IS NOT NULL" },
        { metric: "cost_usd", group_by: ["model"], filter: "model IS NOT NULL" },
        { metric: "tokens", group_by: ["model"], filter: "model IS NOT NULL" },
        { metric: "ttft_ms", aggregations: ["p50", "p95"], group_by: ["model"], filter: "model IS NOT NULL" },
      ],
      layout: { x: 0, y: 15, w: 12, h: 5 },
    },
  ],
};

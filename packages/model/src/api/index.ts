export * from "./traces.ts";
export * from "./projects.ts";
export * from "./ingest-health.ts";
export * from "./compact-skeleton.ts";
export * from "./metrics.ts";
export * from "./trace-export.ts";
export * from "./views.ts";
export * from "./dashboards.ts";

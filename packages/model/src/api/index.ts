export * from "./traces.ts";
export * from "./projects.ts";
export * from "./ingest-health.ts";

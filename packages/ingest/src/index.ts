export * from "./otlp/index.ts";
export * from "./dedup/index.ts";
export * from "./assemble/index.ts";

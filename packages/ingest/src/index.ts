export * from "./otlp/index.ts";
export * from "./dedup/index.ts";
export * from "./assemble/index.ts";
export * from "./raw/index.ts";
export * from "./raw/pack-log.ts";
export * from "./mlflow/index.ts";
export * from "./conventions/index.ts";
export * from "./media/index.ts";

export * from "./assembly-span.ts";
export * from "./assemble-trace.ts";
export * from "./merge-info.ts";
export * from "./preview.ts";

export * from "./settle-span.ts";
export * from "./settle-trace.ts";
export * from "./response-index.ts";

export * from "./settle-span.ts";
export * from "./settle-trace.ts";
export * from "./prefer-call.ts";
export * from "./call-index.ts";

export * from "./store.ts";
export * from "./engine/engine.ts";

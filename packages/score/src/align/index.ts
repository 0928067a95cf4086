export * from "./criteria-of.ts";
export * from "./gate.ts";
export * from "./memory.ts";
export * from "./readiness.ts";
export * from "./run-aligned.ts";
export * from "./split-labels.ts";
export * from "./write-guidelines.ts";
export * from "./attribute-move.ts";

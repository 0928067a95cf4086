export * from "./settled-traces.ts";
export * from "./traces-to-score.ts";
export * from "./assessments-by-id.ts";
export * from "./verdicts.ts";

export * from "./settled-traces.ts";
export * from "./traces-to-score.ts";
export * from "./assessments-by-id.ts";
export * from "./verdicts.ts";
export * from "./traces-with-content.ts";
export * from "./diagnostic-totals.ts";
export * from "./count-sessions.ts";

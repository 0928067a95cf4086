import type { NewSloFields } from "@telltale/store";

/** Objectives of the demo's week: one that the slow release brought close to its end, one that its failures broke. */
export function demoSlos(projectId: string): NewSloFields[] {
  const common = { projectId, filter: "service = 'support-bot'", windowDays: 7 as const };
  return [
    {
      ...common,
      name: "Support answers in time",
      description: "People leave the chat when an answer takes longer than about four seconds.",
      indicator: { kind: "latency", thresholdMs: 4_000 },
      target: 0.95,
    },
    { ...common, name: "Support answers at all", description: "", indicator: { kind: "error_rate" }, target: 0.99 },
  ];
}

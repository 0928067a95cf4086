import { byProject } from "./by-project.ts";
import type { Item } from "./journal-item.ts";

/** Traces whose rows change with these items; some more than once. */
export function* touchedTraces(items: readonly Item[]): Generator<{ projectId: string; traceId: string }> {
  for (const item of items) {
    if (item.type === "traces") for (const group of item.groups) yield* uniqueTraces([[group.projectId, group.spans]]);
    if (item.type === "logs") yield* uniqueTraces(byProject(item.logs, item.routing));
    if (item.type === "commands") for (const command of item.commands) if (command.type === "trace_info" || command.type === "reprice") yield command;
    if (item.type === "time_out") yield* item.traces;
  }
}

function* uniqueTraces(groups: Iterable<[string, readonly { traceId: string }[]]>): Generator<{ projectId: string; traceId: string }> {
  for (const [projectId, items] of groups) {
    for (const traceId of new Set(items.map((item) => item.traceId))) if (traceId !== "") yield { projectId, traceId };
  }
}

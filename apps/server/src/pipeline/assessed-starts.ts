import { storedKey, type TraceQuestions } from "@telltale/store";
import type { Item } from "./journal-item.ts";
import type { LiveTraces } from "./live-traces.ts";

/** Start of traces by `storedKey`, in Unix nanoseconds. */
export type TraceStarts = ReadonlyMap<string, bigint>;

/**
 * When the traces began about which somebody says something later: they are no longer in memory, and what is said of a trace belongs
 * to the time of the trace. A trace that the store does not know (yet) is not in the answer.
 */
export async function assessedStarts(
  { questions, live }: { questions: Pick<TraceQuestions, "findTraces">; live: LiveTraces },
  items: readonly Item[],
): Promise<TraceStarts> {
  const wanted = new Set<string>();
  for (const item of items) {
    if (item.type !== "commands") continue;
    for (const command of item.commands)
      if (command.type === "assessment" && !live.get(command.assessment.projectId, command.assessment.traceId)) wanted.add(command.assessment.traceId);
  }
  if (wanted.size === 0) return new Map();
  return new Map((await questions.findTraces({ projectIds: "all" }, [...wanted])).map((trace) => [storedKey(trace), trace.startNs]));
}

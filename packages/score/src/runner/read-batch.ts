import type { ScoredTrace } from "../subject.ts";
import { isStoreAway } from "./store-away.ts";
import type { RunnableScorer, RunnerDeps, RunnerTask } from "./task.ts";

/** Everything that tasks claimed together share, read once. What could not be read throws where it is asked for. */
export interface ReadBatch {
  traceOf(task: RunnerTask): ScoredTrace | undefined;
  scorerOf(task: RunnerTask): RunnableScorer | undefined;
}

type Read<T> = { value: T | undefined } | { error: unknown };

/** Throws when a store is away; a single trace or scorer that cannot be read is the affair of its own tasks. */
export async function readBatch(deps: Pick<RunnerDeps, "tracesOf" | "scorerOf">, tasks: readonly RunnerTask[]): Promise<ReadBatch> {
  const traces = new Map<string, Read<ScoredTrace>>();
  const scorers = new Map<string, Read<RunnableScorer>>();
  const wanted = new Map<string, Set<string>>();
  for (const task of tasks) if (task.level === "trace") wanted.set(task.projectId, (wanted.get(task.projectId) ?? new Set()).add(task.entityId));
  const readScorer = async ({ scorerId, version }: RunnerTask): Promise<void> =>
    void scorers.set(`${scorerId}/${version}`, await attempt(() => deps.scorerOf(scorerId, version)));
  const firstOfScorer = new Map(tasks.map((task) => [`${task.scorerId}/${task.version}`, task]));
  await Promise.all([...[...firstOfScorer.values()].map(readScorer), ...[...wanted].map(([projectId, ids]) => readTraces(deps, projectId, [...ids], traces))]);
  return {
    traceOf: (task) => given(traces.get(`${task.projectId}/${task.entityId}`)),
    scorerOf: (task) => given(scorers.get(`${task.scorerId}/${task.version}`)),
  };
}

async function readTraces(deps: Pick<RunnerDeps, "tracesOf">, projectId: string, ids: readonly string[], into: Map<string, Read<ScoredTrace>>): Promise<void> {
  const read = await attempt(() => deps.tracesOf(projectId, ids));
  if ("error" in read && ids.length > 1) {
    for (const id of ids) await readTraces(deps, projectId, [id], into);
    return;
  }
  for (const id of ids) into.set(`${projectId}/${id}`, "error" in read ? read : { value: read.value?.get(id) });
}

async function attempt<T>(read: () => Promise<T | undefined>): Promise<Read<T>> {
  try {
    return { value: await read() };
  } catch (error) {
    if (isStoreAway(error)) throw error;
    return { error };
  }
}

function given<T>(read: Read<T> | undefined): T | undefined {
  if (read !== undefined && "error" in read) throw read.error;
  return read?.value;
}

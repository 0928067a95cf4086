import type { ProjectScope } from "@telltale/model";
import type { Level, ScoredSession, ScoredTrace, Subject } from "@telltale/score";
import { type Engine, type TraceQuestions, tracesOfSession, tracesToScore } from "@telltale/store";
import { readScoredTrace } from "./read-subject.ts";

export interface SubjectDeps {
  engine: Engine;
  questions: TraceQuestions;
}

/** A conversation is judged by its newest turns. */
const MAX_TURNS = 50;
/** Traces read by one query. */
const READ_AT_ONCE = 32;

/** Stored traces as scorers see them, by id; what is not stored is absent. */
export async function readTraces({ engine, questions }: SubjectDeps, projectId: string, traceIds: readonly string[]): Promise<Map<string, ScoredTrace>> {
  const scope: ProjectScope = { projectIds: [projectId] };
  const traces = new Map<string, ScoredTrace>();
  for (let from = 0; from < traceIds.length; from += READ_AT_ONCE) {
    const ids = traceIds.slice(from, from + READ_AT_ONCE);
    const [stored, assessments] = await Promise.all([tracesToScore(engine, scope, ids), questions.assessmentsOf(scope, ids)]);
    for (const item of stored) {
      const own = assessments.filter((assessment) => assessment.traceId === item.trace.traceId);
      traces.set(item.trace.traceId, readScoredTrace(item, own));
    }
  }
  return traces;
}

/** `undefined` = no trace of the session is stored. */
export async function readSession(deps: SubjectDeps, projectId: string, sessionId: string): Promise<ScoredSession | undefined> {
  if (sessionId === "") return undefined;
  const ids = await tracesOfSession(deps.engine, projectId, sessionId, MAX_TURNS);
  const traces = await readTraces(deps, projectId, ids);
  const turns = ids.flatMap((id) => traces.get(id) ?? []);
  return turns.length === 0 ? undefined : { projectId, sessionId, turns };
}

/** A trace or a session as a subject; `undefined` = it is not stored (any more). */
export async function readSubject(deps: SubjectDeps, level: Level, projectId: string, entityId: string): Promise<Subject | undefined> {
  if (level === "session") {
    const session = await readSession(deps, projectId, entityId);
    return session === undefined ? undefined : { level, session };
  }
  const trace = (await readTraces(deps, projectId, [entityId])).get(entityId);
  return trace === undefined ? undefined : { level, trace };
}

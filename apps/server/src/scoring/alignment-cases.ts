import type { ProjectScope } from "@telltale/model";
import { answersOf, halfOf, isPass, levelOf, passThreshold, readSerializedScorer, type Readiness, readiness } from "@telltale/score";
import { type Engine, humanLabels, type NewAlignmentCase, type StoredScorer, type TraceQuestions } from "@telltale/store";

export interface CaseDeps {
  engine: Engine;
  questions: Pick<TraceQuestions, "findTraces">;
}

/** The newest labels; more would only cost more. */
const MAX_CASES = 400;
const MAX_LABELS = 2_000;
const MAX_WHY = 2_000;
const NO_SCALE = 0.5;

/**
 * What people said under the scorer's name, split in halves by session; of a session the newest word. What somebody picked out because it
 * looked interesting may be learned from, and is in no estimate: it never lies in the held-back half. Numbers pass from `asked` on, else as
 * in the scorer's rate; which it was is in the answer.
 */
export async function alignmentCases(
  deps: CaseDeps,
  scorer: StoredScorer,
  asked: number | undefined,
): Promise<{ cases: NewAlignmentCase[]; readiness: Readiness; threshold: number }> {
  const scope: ProjectScope = { projectIds: [scorer.projectId] };
  const labels = await humanLabels(deps.engine, { scope, name: scorer.name, limit: MAX_LABELS });
  const traces = new Map(
    (
      await deps.questions.findTraces(
        scope,
        labels.map((label) => label.traceId),
      )
    ).map((trace) => [trace.traceId, trace]),
  );
  const definition = readSerializedScorer(scorer.serialized);
  const isOfSessions = levelOf(definition) === "session";
  const said = labels.map((label) => label.value);
  const threshold = asked ?? passThreshold(answersOf(definition), said);
  const cases = new Map<string, NewAlignmentCase>();
  for (const { traceId, value, why, isChosen } of labels) {
    const trace = traces.get(traceId);
    const humanPass = isPass(value, threshold);
    const entityId = isOfSessions ? trace?.sessionId : traceId;
    if (trace === undefined || humanPass === undefined || entityId === undefined || entityId === "" || cases.has(entityId)) continue;
    const half = halfOf(trace);
    if (isChosen && half === "held_back") continue;
    cases.set(entityId, {
      entityId,
      traceId,
      sessionId: trace.sessionId,
      userIds: trace.userId === "" ? [] : [trace.userId],
      traceIds: [traceId],
      half,
      human: value,
      humanPass,
      humanWhy: why.slice(0, MAX_WHY),
    });
    if (cases.size >= MAX_CASES) break;
  }
  const all = [...cases.values()];
  // Without one nobody's numbers say pass or fail, and what is stored makes no difference.
  return { cases: all, readiness: readiness(scorer.name, all), threshold: threshold ?? NO_SCALE };
}

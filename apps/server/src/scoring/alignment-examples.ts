import { caseText, type Subject, type TrainingCase } from "@telltale/score";
import type { AlignmentCase, StoredExample } from "@telltale/store";

/** A labelled case as the writer of guidelines is shown it. */
export function trainingCaseOf(item: AlignmentCase, subject: Subject): TrainingCase {
  return {
    ...caseText(subject),
    judge: item.before?.value ?? "",
    judgeWhy: item.before?.why ?? "",
    human: item.human,
    humanWhy: item.humanWhy,
  };
}

/** A corrected case as the new version keeps it, with whose content it is. */
export function exampleOf(item: AlignmentCase, subject: Subject): StoredExample {
  const { traceIds, userIds } = ownersOf(subject);
  return {
    traceId: item.traceId,
    sessionId: item.sessionId,
    traceIds,
    userIds,
    ...caseText(subject),
    verdict: item.human,
    why: item.humanWhy,
  };
}

/** Whose content a copy of a subject is. */
export function ownersOf(subject: Subject): { traceIds: string[]; userIds: string[] } {
  const turns = subject.level === "trace" ? [subject.trace] : subject.session.turns;
  return { traceIds: turns.map((turn) => turn.traceId), userIds: [...new Set(turns.map((turn) => turn.userId).filter((user) => user !== ""))] };
}
